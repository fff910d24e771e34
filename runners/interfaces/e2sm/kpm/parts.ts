import * as runtime from '../../per/runtime.ts';
import { exact } from '../exact.ts';
import { make } from '../gen/kpm.js';
import { schema } from '../gen/kpm-schema.js';

const generated = make(runtime);

/** The parts of E2SM-KPM as they are encoded; of the header there are two, for v2 and v3. */
export const KPM_PARTS = {
  definition: exact(generated['E2sm-Kpm.RanFunctionDefinition'], schema, 'E2sm-Kpm.RanFunctionDefinition'),
  eventTrigger: exact(generated['E2sm-Kpm.EventTrigger'], schema, 'E2sm-Kpm.EventTrigger'),
  actionDefinition: exact(generated['E2sm-Kpm.ActionDefinition'], schema, 'E2sm-Kpm.ActionDefinition'),
  indicationHeaderV2: exact(generated['E2sm-Kpm.IndicationHeaderV2'], schema, 'E2sm-Kpm.IndicationHeaderV2'),
  indicationHeaderV3: exact(generated['E2sm-Kpm.IndicationHeaderV3'], schema, 'E2sm-Kpm.IndicationHeaderV3'),
  indicationMessage: exact(generated['E2sm-Kpm.IndicationMessage'], schema, 'E2sm-Kpm.IndicationMessage'),
} as const;
