import { make as makeE1ap } from '../../../runners/interfaces/e1ap/gen/e1ap.js';
import { make as makeF1ap } from '../../../runners/interfaces/f1ap/gen/f1ap.js';
import { make as makeNgap } from '../../../runners/interfaces/ngap/gen/ngap.js';
import * as runtime from '../../../runners/interfaces/per/runtime.ts';
import { make as makeXnap } from '../../../runners/interfaces/xnap/gen/xnap.js';
import { PROTOCOLS_UNDER_TEST, type ProtocolUnderTest } from '../../support/ap/protocols.ts';
import type { Fuzzer } from '../fuzzer.ts';
import { makeFuzzer } from './run.ts';
import { subject } from './subject.ts';

const FUNCTIONS: Readonly<Record<string, (given: object) => object>> = {
  NGAP: makeNgap,
  F1AP: makeF1ap,
  E1AP: makeE1ap,
  XnAP: makeXnap,
};

/** Mutants of the protocols that are made like E2AP, by their names in small letters. */
export const AP_FUZZERS: Readonly<Record<string, Fuzzer>> = Object.fromEntries(
  PROTOCOLS_UNDER_TEST.map((protocol) => [protocol.name.toLowerCase(), fuzzerFor(protocol)]),
);

function fuzzerFor({ name, schema, codec, comprehend, setUp, vectors }: ProtocolUnderTest): Fuzzer {
  const codecs = FUNCTIONS[name]?.(runtime) ?? {};
  const use = (bytes: Uint8Array): unknown => comprehend(codec.decodePdu(bytes));
  const sent = Object.entries(vectors).map(([message, hex]) => ({
    name: message,
    bytes: new Uint8Array(Buffer.from(hex, 'hex')),
  }));
  const samples = [{ name: setUp[0], bytes: setUp[1] }, ...sent];
  return makeFuzzer({ message: subject(schema, `${name}.${name}-PDU`, { codecs, use }), samples, parts: [] });
}
