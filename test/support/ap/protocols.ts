import type { ApCodec, DecodedPdu } from '../../../runners/interfaces/ap/codec.ts';
import type { Comprehension } from '../../../runners/interfaces/ap/comprehension.ts';
import type { ApRules } from '../../../runners/interfaces/ap/rules.ts';
import type { Procedures } from '../../../runners/interfaces/ap/types.ts';
import * as ngap from '../../../runners/interfaces/ngap/codec.ts';
import { schema as ngapSchema } from '../../../runners/interfaces/ngap/gen/ngap-schema.js';
import { PROCEDURES as NGAP_PROCEDURES } from '../../../runners/interfaces/ngap/types.ts';
import type { Schema } from '../../../runners/interfaces/per/schema.ts';
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
  /** What others sent, by the names of the messages. */
  readonly vectors: Readonly<Record<string, string>>;
}

export const PROTOCOLS_UNDER_TEST: readonly ProtocolUnderTest[] = [
  protocol('NGAP', { ...ngap, schema: ngapSchema, procedures: NGAP_PROCEDURES, vectors: NGAP_VECTORS }),
];

interface Parts extends Pick<ProtocolUnderTest, 'schema' | 'procedures' | 'vectors'> {
  readonly RULES: unknown;
  readonly CODEC: unknown;
  readonly comprehend: (decoded: never) => Comprehension;
}

function protocol(name: string, parts: Parts): ProtocolUnderTest {
  const { schema, procedures, vectors } = parts;
  const rules = parts.RULES as ApRules;
  const codec = parts.CODEC as ProtocolUnderTest['codec'];
  const comprehend = parts.comprehend as (decoded: DecodedPdu) => Comprehension;
  return { name, schema, procedures, rules, codec, comprehend, vectors };
}
