import type { ApCodec, DecodedPdu } from '../../../runners/interfaces/ap/codec.ts';
import type { Comprehension } from '../../../runners/interfaces/ap/comprehension.ts';
import type { ApRules } from '../../../runners/interfaces/ap/rules.ts';
import type { Procedures } from '../../../runners/interfaces/ap/types.ts';
import * as f1ap from '../../../runners/interfaces/f1ap/codec.ts';
import { schema as f1apSchema } from '../../../runners/interfaces/f1ap/gen/f1ap-schema.js';
import { PROCEDURES as F1AP_PROCEDURES } from '../../../runners/interfaces/f1ap/types.ts';
import * as e1ap from '../../../runners/interfaces/e1ap/codec.ts';
import { schema as e1apSchema } from '../../../runners/interfaces/e1ap/gen/e1ap-schema.js';
import { PROCEDURES as E1AP_PROCEDURES } from '../../../runners/interfaces/e1ap/types.ts';
import * as xnap from '../../../runners/interfaces/xnap/codec.ts';
import { schema as xnapSchema } from '../../../runners/interfaces/xnap/gen/xnap-schema.js';
import { PROCEDURES as XNAP_PROCEDURES } from '../../../runners/interfaces/xnap/types.ts';
import * as ngap from '../../../runners/interfaces/ngap/codec.ts';
import { schema as ngapSchema } from '../../../runners/interfaces/ngap/gen/ngap-schema.js';
import { PROCEDURES as NGAP_PROCEDURES } from '../../../runners/interfaces/ngap/types.ts';
import type { Schema } from '../../../runners/interfaces/per/schema.ts';
import { E1AP_VECTORS } from './e1ap-vectors.ts';
import { F1AP_VECTORS } from './f1ap-vectors.ts';
import { anE1SetupRequest, anF1SetupRequest, anNgSetupRequest, anXnSetupRequest } from './messages.ts';
import { NGAP_VECTORS } from './ngap-vectors.ts';

/** A protocol with all that tests look at; names and types of its messages play no part. */
export interface ProtocolUnderTest {
  readonly name: string;
  readonly schema: Schema;
  readonly procedures: Procedures;
  readonly rules: ApRules;
  readonly codec: Pick<ApCodec<object, DecodedPdu['message'], never, string>, 'pduType' | 'encodePdu'> & {
    readonly decodePdu: (bytes: Uint8Array) => DecodedPdu;
  };
  readonly comprehend: (decoded: DecodedPdu) => Comprehension;
  /** The name and octets of the first message on an association. */
  readonly setUp: readonly [name: string, bytes: Uint8Array];
  /** What others sent, by the names of the messages. */
  readonly vectors: Readonly<Record<string, string>>;
}

export const PROTOCOLS_UNDER_TEST: readonly ProtocolUnderTest[] = [
  protocol('NGAP', {
    ...{ ...ngap, schema: ngapSchema, procedures: NGAP_PROCEDURES, vectors: NGAP_VECTORS },
    setUp: ['NGSetupRequest', ngap.encodeMessage('NGSetupRequest', anNgSetupRequest())],
  }),
  protocol('F1AP', {
    ...{ ...f1ap, schema: f1apSchema, procedures: F1AP_PROCEDURES, vectors: F1AP_VECTORS },
    setUp: ['F1SetupRequest', f1ap.encodeMessage('F1SetupRequest', anF1SetupRequest())],
  }),
  protocol('E1AP', {
    ...{ ...e1ap, schema: e1apSchema, procedures: E1AP_PROCEDURES, vectors: E1AP_VECTORS },
    setUp: ['GNB-CU-UP-E1SetupRequest', e1ap.encodeMessage('GNB-CU-UP-E1SetupRequest', anE1SetupRequest())],
  }),
  protocol('XnAP', {
    ...{ ...xnap, schema: xnapSchema, procedures: XNAP_PROCEDURES, vectors: {} },
    setUp: ['XnSetupRequest', xnap.encodeMessage('XnSetupRequest', anXnSetupRequest())],
  }),
];

interface Parts extends Pick<ProtocolUnderTest, 'schema' | 'procedures' | 'setUp' | 'vectors'> {
  readonly RULES: unknown;
  readonly CODEC: unknown;
  readonly comprehend: (decoded: never) => Comprehension;
}

function protocol(name: string, parts: Parts): ProtocolUnderTest {
  const { schema, procedures, setUp, vectors } = parts;
  const rules = parts.RULES as ApRules;
  const codec = parts.CODEC as ProtocolUnderTest['codec'];
  const comprehend = parts.comprehend as (decoded: DecodedPdu) => Comprehension;
  return { name, schema, procedures, rules, codec, comprehend, setUp, vectors };
}
