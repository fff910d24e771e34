import { encodeMessage } from '../../runners/interfaces/e2/codec.ts';
import { wrapItems } from '../../runners/interfaces/e2/messages.ts';
import { schema as kpm } from '../../runners/interfaces/e2sm/gen/kpm-schema.js';
import { schema as rc } from '../../runners/interfaces/e2sm/gen/rc-schema.js';
import { type ModelPart, SERVICE_MODEL_OIDS } from '../../runners/interfaces/e2sm/service-models.ts';
import type { KpmVersion } from '../../runners/interfaces/e2sm/kpm/types.ts';
import { encodeValue } from '../../runners/interfaces/per/interpret-encode.ts';
import type { Schema } from '../../runners/interfaces/per/schema.ts';
import { isObject } from '../../runners/interfaces/per/values.ts';
import { A_REQUEST_ID, AN_NG_COMPONENT, aRanFunction, aSetupRequest } from '../support/e2/messages.ts';
import { named } from '../support/everything-asn1.ts';
import { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';
import type { Saying } from './saying.ts';
import { COMPONENT_MESSAGES, has, readable } from './sense.ts';

type Part = readonly [type: string, published: string];

/** A service model as a RAN function offers it, and its parts by our names and those of the standard. */
interface Model<Parts extends ModelPart> {
  readonly schema: Schema;
  readonly functionId: number;
  readonly shortName: string;
  readonly oid: string;
  /** Members that tshark misreads, and those with which it misreads the whole; see `KNOWN`. */
  readonly without: readonly string[];
  readonly never: readonly string[];
  readonly parts: Readonly<Record<Parts, Part>>;
}

type Reporting =
  'definition' | 'eventTrigger' | 'actionDefinition' | 'indicationHeader' | 'indicationMessage';

const kpmModel = (version: KpmVersion): Model<Reporting> => ({
  without: ['logicalOR'],
  never: version === 'v2' ? ['matchingCond'] : [],
  ...{ schema: kpm, functionId: 2, shortName: 'ORAN-E2SM-KPM' },
  oid: version === 'v2' ? SERVICE_MODEL_OIDS.kpm : SERVICE_MODEL_OIDS.kpmV3,
  parts: {
    definition: ['E2sm-Kpm.RanFunctionDefinition', 'E2SM-KPM-RANfunction-Description'],
    eventTrigger: ['E2sm-Kpm.EventTrigger', 'E2SM-KPM-EventTriggerDefinition'],
    actionDefinition: ['E2sm-Kpm.ActionDefinition', 'E2SM-KPM-ActionDefinition'],
    indicationHeader: [`E2sm-Kpm.IndicationHeader${version.toUpperCase()}`, 'E2SM-KPM-IndicationHeader'],
    indicationMessage: ['E2sm-Kpm.IndicationMessage', 'E2SM-KPM-IndicationMessage'],
  },
});

const RC: Model<ModelPart> = {
  ...{ without: [], never: [] },
  ...{ schema: rc, functionId: 3, shortName: 'ORAN-E2SM-RC', oid: SERVICE_MODEL_OIDS.rc },
  parts: {
    definition: ['E2sm-Rc.RanFunctionDefinition', 'E2SM-RC-RANFunctionDefinition'],
    eventTrigger: ['E2sm-Rc.EventTrigger', 'E2SM-RC-EventTrigger'],
    actionDefinition: ['E2sm-Rc.ActionDefinition', 'E2SM-RC-ActionDefinition'],
    indicationHeader: ['E2sm-Rc.IndicationHeader', 'E2SM-RC-IndicationHeader'],
    indicationMessage: ['E2sm-Rc.IndicationMessage', 'E2SM-RC-IndicationMessage'],
    callProcess: ['E2sm-Rc.CallProcess', 'E2SM-RC-CallProcessID'],
    controlHeader: ['E2sm-Rc.ControlHeader', 'E2SM-RC-ControlHeader'],
    controlMessage: ['E2sm-Rc.ControlMessage', 'E2SM-RC-ControlMessage'],
    controlOutcome: ['E2sm-Rc.ControlOutcome', 'E2SM-RC-ControlOutcome'],
  },
};

/** All parts by the names of the standard. */
export const PUBLISHED_PARTS: readonly string[] = [kpmModel('v3'), RC].flatMap(({ parts }) =>
  Object.values<Part>(parts).map(([, published]) => published),
);

/** A set-up, subscriptions, indications and a control, with random values of KPM and RC in them, over and over. */
export function modelMessages(version: KpmVersion, rounds: number, firstSeed: number): readonly Saying[] {
  const own = kpmModel(version);
  return Array.from({ length: rounds }, (_, round) => {
    const seed = firstSeed + round;
    return [
      setUp([own, RC], seed),
      ...[own, RC].flatMap((model) => [subscription(model, seed), indication(model, seed)]),
      control(seed),
      acknowledge(seed),
    ];
  }).flat();
}

function octetsOf<Parts extends ModelPart>(model: Model<Parts>, part: Parts, seed: number): Uint8Array {
  const type = named(model.parts[part][0]);
  const random = new RandomValues(model.schema, seed, { integerBits: 30 });
  let value = readable(random.value(type), model);
  while (model.never.some((name) => has(value, name))) value = readable(random.value(type), model);
  return encodeValue(model.schema, 'aligned', {
    type,
    value: part === 'definition' ? calledBy(model, value) : value,
  });
}

/** By its name a dissector tells what a RAN function speaks. */
function calledBy({ shortName, oid }: Model<never>, definition: unknown): unknown {
  if (!isObject(definition) || !isObject(definition['ranFunction-Name'])) return definition;
  const name = {
    ...definition['ranFunction-Name'],
    'ranFunction-ShortName': shortName,
    'ranFunction-E2SM-OID': oid,
  };
  return { ...definition, 'ranFunction-Name': name };
}

function publishedOf<Parts extends ModelPart>(
  model: Model<Parts>,
  ...parts: readonly Parts[]
): readonly string[] {
  return parts.map((part) => model.parts[part][1]);
}

const A_COMPONENT = {
  ...AN_NG_COMPONENT,
  e2nodeComponentConfiguration: {
    e2nodeComponentRequestPart: COMPONENT_MESSAGES.e2nodeComponentInterfaceTypeNG,
    e2nodeComponentResponsePart: COMPONENT_MESSAGES.e2nodeComponentInterfaceTypeNG,
  },
};

function setUp(models: readonly Model<Reporting>[], seed: number): Saying {
  const functions = models.map((model) =>
    aRanFunction({
      ranFunctionID: model.functionId,
      ranFunctionDefinition: octetsOf(model, 'definition', seed),
      ranFunctionOID: model.oid,
    }),
  );
  const request = aSetupRequest({
    RANfunctionsAdded: wrapItems('RANfunction-Item', functions),
    E2nodeComponentConfigAddition: wrapItems('E2nodeComponentConfigAddition-Item', [A_COMPONENT]),
  });
  const parts = models.flatMap((model) => publishedOf(model, 'definition'));
  return { by: 'node', bytes: encodeMessage('E2setupRequest', request), parts };
}

function subscription(model: Model<Reporting>, seed: number): Saying {
  const action = {
    ricActionID: 1,
    ricActionType: 'report',
    ricActionDefinition: octetsOf(model, 'actionDefinition', seed),
  } as const;
  const bytes = encodeMessage('RICsubscriptionRequest', {
    ...referringTo(model),
    RICsubscriptionDetails: {
      ricEventTriggerDefinition: octetsOf(model, 'eventTrigger', seed),
      'ricAction-ToBeSetup-List': wrapItems('RICaction-ToBeSetup-Item', [action]),
    },
  });
  return { by: 'ric', bytes, parts: publishedOf(model, 'eventTrigger', 'actionDefinition') };
}

function indication(model: Model<Reporting>, seed: number): Saying {
  const bytes = encodeMessage('RICindication', {
    ...referringTo(model),
    ...{ RICactionID: 1, RICindicationType: 'report' },
    RICindicationHeader: octetsOf(model, 'indicationHeader', seed),
    RICindicationMessage: octetsOf(model, 'indicationMessage', seed),
  });
  return { by: 'node', bytes, parts: publishedOf(model, 'indicationHeader', 'indicationMessage') };
}

function control(seed: number): Saying {
  const bytes = encodeMessage('RICcontrolRequest', {
    ...referringTo(RC),
    RICcallProcessID: octetsOf(RC, 'callProcess', seed),
    RICcontrolHeader: octetsOf(RC, 'controlHeader', seed),
    RICcontrolMessage: octetsOf(RC, 'controlMessage', seed),
  });
  return { by: 'ric', bytes, parts: publishedOf(RC, 'callProcess', 'controlHeader', 'controlMessage') };
}

function acknowledge(seed: number): Saying {
  const bytes = encodeMessage('RICcontrolAcknowledge', {
    ...referringTo(RC),
    RICcontrolOutcome: octetsOf(RC, 'controlOutcome', seed),
  });
  return { by: 'node', bytes, parts: publishedOf(RC, 'controlOutcome') };
}

function referringTo({ functionId }: Model<never>) {
  return { RICrequestID: A_REQUEST_ID, RANfunctionID: functionId };
}
