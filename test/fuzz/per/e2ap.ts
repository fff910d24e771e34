import { comprehend } from '../../../runners/interfaces/e2/comprehension.ts';
import { protocolAnswer } from '../../../runners/interfaces/e2/answers.ts';
import {
  decodePdu,
  elementsFor,
  encodeElements,
  encodeMessage,
} from '../../../runners/interfaces/e2/codec.ts';
import { make as makeE2ap } from '../../../runners/interfaces/e2/gen/e2ap.js';
import { schema as e2ap } from '../../../runners/interfaces/e2/gen/e2ap-schema.js';
import { make as makeKpm } from '../../../runners/interfaces/e2sm/gen/kpm.js';
import { schema as kpm } from '../../../runners/interfaces/e2sm/gen/kpm-schema.js';
import { make as makeRc } from '../../../runners/interfaces/e2sm/gen/rc.js';
import { schema as rc } from '../../../runners/interfaces/e2sm/gen/rc-schema.js';
import { KPM } from '../../../runners/interfaces/e2sm/kpm/kpm.ts';
import { checkTimeStamp } from '../../../runners/interfaces/e2sm/kpm/time-stamp.ts';
import { decodeRcDefinition } from '../../../runners/interfaces/e2sm/rc/definition.ts';
import { decodeControl, decodeOutcome } from '../../../runners/interfaces/e2sm/rc/control.ts';
import * as runtime from '../../../runners/interfaces/per/runtime.ts';
import {
  aControlRequest,
  anIndication,
  aSetupRequest,
  aSubscriptionRequest,
} from '../../support/e2/messages.ts';
import { makeFuzzer } from './run.ts';
import { subject } from './subject.ts';

const nothing = (): void => undefined;

const KPM_USES: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  RanFunctionDefinition: KPM.v3.definition.decode,
  EventTrigger: KPM.v3.periodMs.decode,
  ActionDefinition: KPM.v3.action.decode,
  IndicationHeaderV2: (bytes) => [checkTimeStamp(bytes, 'v2'), KPM.v2.header.decode(bytes)],
  IndicationHeaderV3: (bytes) => [checkTimeStamp(bytes, 'v3'), KPM.v3.header.decode(bytes)],
  IndicationMessage: KPM.v3.message.decode,
};

const RC_USES: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  RanFunctionDefinition: decodeRcDefinition,
  EventTrigger: nothing,
  ActionDefinition: nothing,
  IndicationHeader: nothing,
  IndicationMessage: nothing,
  CallProcess: nothing,
  ControlHeader: (bytes) => decodeControl({ header: bytes, message: bytes }),
  ControlMessage: (bytes) => decodeControl({ header: bytes, message: bytes }),
  ControlOutcome: decodeOutcome,
};

const E2AP = subject(e2ap, 'E2AP.E2AP-PDU', { codecs: makeE2ap(runtime), use: answer });
const MODELS = [
  ...Object.entries(KPM_USES).map(([name, use]) =>
    subject(kpm, `E2sm-Kpm.${name}`, { codecs: makeKpm(runtime), use }),
  ),
  ...Object.entries(RC_USES).map(([name, use]) =>
    subject(rc, `E2sm-Rc.${name}`, { codecs: makeRc(runtime), use }),
  ),
];

/** Whatever comes, it is decoded, weighed, and what has to be said about it can be encoded. */
function answer(bytes: Uint8Array): void {
  const decoded = decodePdu(bytes);
  const outgoing = protocolAnswer(decoded, comprehend(decoded));
  if (outgoing !== null) encodeElements(outgoing.name, elementsFor(outgoing.name, outgoing.ies));
}

/** Mutants of E2AP and its service models. */
export const fuzzE2ap = makeFuzzer({
  message: E2AP,
  samples: [
    { name: 'E2setupRequest', bytes: encodeMessage('E2setupRequest', aSetupRequest()) },
    {
      name: 'RICsubscriptionRequest',
      bytes: encodeMessage('RICsubscriptionRequest', aSubscriptionRequest()),
    },
    { name: 'RICindication', bytes: encodeMessage('RICindication', anIndication()) },
    { name: 'RICcontrolRequest', bytes: encodeMessage('RICcontrolRequest', aControlRequest()) },
  ],
  parts: MODELS,
});
