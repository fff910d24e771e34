import { comprehend } from '../../../runners/interfaces/e2/comprehension.ts';
import { protocolAnswer } from '../../../runners/interfaces/e2/answers.ts';
import { decodePdu, elementsFor, encodeElements, PDU_TYPE } from '../../../runners/interfaces/e2/codec.ts';
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
import type { Schema, SchemaType } from '../../../runners/interfaces/per/schema.ts';

/** One type whose octets come from products. */
export interface Subject {
  readonly name: string;
  readonly schema: Schema;
  readonly type: SchemaType;
  readonly codec: runtime.Codec;
  /** What the product does with such octets beside decoding; may throw PerError alone. */
  readonly use: (bytes: Uint8Array) => void;
}

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

/** The message of E2AP, and what service models put into it. */
export const E2AP_SUBJECT = subject(e2ap, 'E2AP.E2AP-PDU', { codecs: makeE2ap(runtime), use: answer });
export const E2SM_SUBJECTS: readonly Subject[] = [
  ...Object.entries(KPM_USES).map(([name, use]) =>
    subject(kpm, `E2sm-Kpm.${name}`, { codecs: makeKpm(runtime), use }),
  ),
  ...Object.entries(RC_USES).map(([name, use]) =>
    subject(rc, `E2sm-Rc.${name}`, { codecs: makeRc(runtime), use }),
  ),
];

interface Codecs {
  readonly codecs: object;
  readonly use: (bytes: Uint8Array) => unknown;
}

function subject(schema: Schema, name: string, { codecs, use }: Codecs): Subject {
  const codec = (codecs as Readonly<Record<string, runtime.Codec | undefined>>)[name];
  if (codec === undefined) throw new TypeError(`${name} was not generated`);
  const type = name === 'E2AP.E2AP-PDU' ? PDU_TYPE : ({ kind: 'reference', name, recursive: false } as const);
  return {
    ...{ name, schema, type, codec },
    use: (bytes) => {
      use(bytes);
    },
  };
}

/** Whatever comes, it is decoded, weighed, and what has to be said about it can be encoded. */
function answer(bytes: Uint8Array): void {
  const decoded = decodePdu(bytes);
  const outgoing = protocolAnswer(decoded, comprehend(decoded));
  if (outgoing !== null) encodeElements(outgoing.name, elementsFor(outgoing.name, outgoing.ies));
}
