import * as runtime from '../../per/runtime.ts';
import { exact } from '../exact.ts';
import { make } from '../gen/rc.js';
import { schema } from '../gen/rc-schema.js';

const generated = make(runtime);

/** The parts of E2SM-RC v01.03 as they are encoded. */
export const RC_PARTS = {
  definition: exact(generated['E2sm-Rc.RanFunctionDefinition'], schema, 'E2sm-Rc.RanFunctionDefinition'),
  eventTrigger: exact(generated['E2sm-Rc.EventTrigger'], schema, 'E2sm-Rc.EventTrigger'),
  actionDefinition: exact(generated['E2sm-Rc.ActionDefinition'], schema, 'E2sm-Rc.ActionDefinition'),
  indicationHeader: exact(generated['E2sm-Rc.IndicationHeader'], schema, 'E2sm-Rc.IndicationHeader'),
  indicationMessage: exact(generated['E2sm-Rc.IndicationMessage'], schema, 'E2sm-Rc.IndicationMessage'),
  callProcess: exact(generated['E2sm-Rc.CallProcess'], schema, 'E2sm-Rc.CallProcess'),
  controlHeader: exact(generated['E2sm-Rc.ControlHeader'], schema, 'E2sm-Rc.ControlHeader'),
  controlMessage: exact(generated['E2sm-Rc.ControlMessage'], schema, 'E2sm-Rc.ControlMessage'),
  controlOutcome: exact(generated['E2sm-Rc.ControlOutcome'], schema, 'E2sm-Rc.ControlOutcome'),
} as const;
