// npm run bench -- codec [--modules DIR] [--against DIR] [--rounds N]
// A set-up request with three RAN functions, by the functions generated from published E2AP modules (--modules) or from a set of our
// own that looks like them, beside the interpreter; a KPM indication; messages of NGAP and F1AP. --against: DIR/codec.mjs exports open(bytes), which gives
// { decode(), encode() }
// of another codec for the same octets. Best of many short rounds that take turns.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { compileModules } from '../../dist/runners/interfaces/per/asn1/compile.js';
import { generateModule, publicNames } from '../../dist/runners/interfaces/per/generate/generate.js';
import { decodeValue } from '../../dist/runners/interfaces/per/interpret-decode.js';
import { encodeValue } from '../../dist/runners/interfaces/per/interpret-encode.js';
import * as runtime from '../../dist/runners/interfaces/per/runtime.js';
import { round, say } from './_house.mjs';
import { apMessages } from './_ap.mjs';
import { kpmIndication } from './_kpm.mjs';

const OWN = fileURLToPath(new URL('_codec.asn1', import.meta.url));
const CALLS = 2_000;

export async function run(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      modules: { type: 'string' },
      against: { type: 'string' },
      rounds: { type: 'string', default: '60' },
    },
  });
  const { schema, compileMs } = compiled(values.modules);
  const name = publicNames(schema).find((each) => each.endsWith('.E2AP-PDU'));
  const codec = (await generated(schema))[name];
  const value = setupRequest();
  const bytes = codec.encode(value);
  const type = { kind: 'reference', name, recursive: false };
  const ways = {
    generated: { decode: () => codec.decode(bytes), encode: () => codec.encode(value) },
    interpreter: {
      decode: () => decodeValue(bytes, { schema, variant: 'aligned', type, mode: 'strict' }),
      encode: () => encodeValue(schema, 'aligned', { type, value }),
    },
    ...(values.against === undefined ? {} : { against: await opened(values.against, bytes) }),
  };
  say(`${bytes.length} octets, ${Object.keys(ways).join(', ')}`);
  const rates = measured(ways, Number(values.rounds));
  const kpm = kpmIndication();
  const kpmRates = measured(kpm.ways, Number(values.rounds));
  const ratio = (way, act) =>
    rates[way] === undefined ? null : round(rates.generated[act] / rates[way][act]);
  return {
    ...{
      message: 'E2SetupRequest',
      bytes: bytes.length,
      types: publicNames(schema).length,
      compileMs,
      perSecond: rates,
    },
    bytesPerSecond: {
      decode: rates.generated.decode * bytes.length,
      encode: rates.generated.encode * bytes.length,
    },
    kpmIndication: {
      bytes: kpm.bytes.length,
      perSecond: kpmRates,
      bytesPerSecond: {
        decode: kpmRates.tree.decode * kpm.bytes.length,
        encode: kpmRates.tree.encode * kpm.bytes.length,
      },
    },
    messages: Object.fromEntries(
      Object.entries(apMessages()).map(([name, { bytes: octets, ways: own }]) => [
        name,
        { bytes: octets.length, perSecond: measured(own, Number(values.rounds)).message },
      ]),
    ),
    ratios: Object.fromEntries(
      ['interpreter', 'against']
        .filter((way) => rates[way] !== undefined)
        .flatMap((way) => ['decode', 'encode'].map((act) => [`${act}To${way}`, ratio(way, act)])),
    ),
  };
}

function compiled(dir) {
  const start = performance.now();
  const names = dir === undefined ? [OWN] : readdirSync(dir).map((name) => join(dir, name));
  const files = names
    .filter((name) => /\.asn1?$/u.test(name))
    .map((name) => ({ name, text: readFileSync(name, 'utf8') }));
  const schema = compileModules(files);
  return { schema, compileMs: Math.round(performance.now() - start) };
}

async function generated(schema) {
  const { code } = generateModule(schema, 'aligned');
  const { make } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  return make(runtime);
}

/** Another codec, once it has shown that it means the same octets. */
async function opened(dir, bytes) {
  const { open } = await import(pathToFileURL(resolve(dir, 'codec.mjs')));
  const other = await open(bytes);
  if (Buffer.compare(bytes, other.encode()) !== 0) throw new Error('the other codec writes other octets');
  return other;
}

function measured(ways, rounds) {
  const best = Object.fromEntries(Object.keys(ways).map((way) => [way, { decode: 0, encode: 0 }]));
  for (let left = rounds; left > 0; left -= 1) {
    for (const [way, acts] of Object.entries(ways)) {
      const calls = way === 'interpreter' ? CALLS / 50 : CALLS;
      for (const act of ['decode', 'encode'])
        best[way][act] = Math.max(best[way][act], rate(acts[act], calls));
    }
  }
  return best;
}

/** Calls per second. */
function rate(act, calls) {
  for (let left = calls / 10; left > 0; left -= 1) act();
  const start = performance.now();
  for (let left = calls; left > 0; left -= 1) act();
  return Math.round((calls * 1_000) / (performance.now() - start));
}

function setupRequest() {
  const octets = (length, from = 0) => Uint8Array.from({ length }, (_, at) => (at * 7 + from) & 255);
  const field = (id, value) => ({ id, criticality: 'reject', value });
  const node = {
    'plmn-id': octets(3),
    'gnb-id': { 'gnb-ID': { bits: Uint8Array.of(1, 2, 3, 0xe0), length: 28 } },
  };
  const functions = [1, 2, 3].map((id) =>
    field(8, {
      ...{ ranFunctionID: id, ranFunctionDefinition: octets(115, id), ranFunctionRevision: 1 },
      ranFunctionOID: `1.3.6.1.4.1.53148.1.2.2.${id}`,
    }),
  );
  const part = {
    e2nodeComponentInterfaceType: 'ng',
    e2nodeComponentID: { e2nodeComponentInterfaceTypeNG: { 'amf-name': 'amf-1' } },
    e2nodeComponentConfiguration: {
      e2nodeComponentRequestPart: octets(20),
      e2nodeComponentResponsePart: octets(20),
    },
  };
  const fields = [
    field(49, 1),
    field(3, { gNB: { 'global-gNB-ID': node } }),
    field(10, functions),
    field(50, [field(51, part)]),
  ];
  return { initiatingMessage: { procedureCode: 1, criticality: 'reject', value: { protocolIEs: fields } } };
}
