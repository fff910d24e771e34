/**
 * `npm run golden:asn1 -- DIR [--type Module.Type] [--values N] [--seed S] [--unaligned]`: compiles modules that you have, sends random
 * values there and back by the interpreter and by generated functions, shows both the same octets with changes, and, where Erlang's asn1
 * is installed, lets it read and write the values again. With `--against DIR2 --as Module.Type`, the one `--type` must also be on the
 * wire what that type of the other modules is. The last line on standard output is JSON; the exit code is 1 when anything differs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileModules } from '../../runners/interfaces/per/asn1/compile.ts';
import { publicNames } from '../../runners/interfaces/per/generate/generate.ts';
import { PerError } from '../../runners/interfaces/per/error.ts';
import { decodeValue } from '../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../runners/interfaces/per/interpret-encode.ts';
import type { Schema } from '../../runners/interfaces/per/schema.ts';
import { sameValue } from '../../runners/interfaces/per/values.ts';
import type { Variant } from '../../runners/interfaces/per/writer.ts';
import { askErlang, hasErlangAsn1, modulesOf, type Sample } from '../support/erlang-asn1.ts';
import { named } from '../support/everything-asn1.ts';
import { type Codecs, generatedCodecs } from '../support/generated-per.ts';
import { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';
import { scratchFolder } from '../support/scratch.ts';
import { type Comparison, sameOctets } from './same-octets.ts';

/** Longer messages take Erlang minutes. */
const LONG = 60_000;
/** Of each message, so many octets and changes. */
const MUTATED = 3_000;
const CHANGES = 10;

interface Job {
  readonly schema: Schema;
  readonly variant: Variant;
  readonly codecs: Codecs;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    type: { type: 'string', multiple: true },
    values: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    unaligned: { type: 'boolean', default: false },
    against: { type: 'string' },
    as: { type: 'string' },
  },
});
const [dir] = positionals;
const [count, seed] = [Number(values.values), Number(values.seed)];
if (
  dir === undefined ||
  positionals.length > 1 ||
  !Number.isInteger(count) ||
  count < 1 ||
  !Number.isInteger(seed) ||
  (values.against === undefined) !== (values.as === undefined) ||
  (values.against !== undefined && values.type?.length !== 1)
) {
  process.stderr.write(
    'usage: npm run golden:asn1 -- DIR [--type Module.Type] [--values N] [--seed N] [--unaligned] [--against DIR2 --as Module.Type]\n',
  );
  process.exit(2);
}
const startedAt = performance.now();
const files = modulesIn(dir);
const schema = compileModules(files);
const variant = values.unaligned ? 'unaligned' : 'aligned';
const job: Job = { schema, variant, codecs: await generatedCodecs(schema, variant) };
const types = values.type ?? publicNames(schema);
const samples: Sample[] = [];
const changed = { read: 0, refused: 0 };
let different = 0;
for (let round = 0; round < count; round += 1) {
  const type = types[round % types.length] ?? '';
  const bytes = thereAndBack(job, type, seed + round);
  if (bytes === null || !agreeOnChanges(job, type, { bytes, seed: seed + round })) different += 1;
  else if (bytes.length < LONG) samples.push({ type: type.slice(type.lastIndexOf('.') + 1), bytes });
}
const twins = comparison();
for (const example of twins?.examples ?? []) process.stderr.write(`${example}\n`);
const erlang = hasErlangAsn1() ? await askedErlang(samples) : null;
process.stdout.write(
  `${JSON.stringify({
    ...{ golden: 'asn1', variant, types: types.length, values: count, different, changed, erlang },
    ...(twins === null ? {} : { against: { values: twins.values, different: twins.different } }),
    durationMs: Math.round(performance.now() - startedAt),
  })}\n`,
);
process.exitCode = different + (erlang?.differs ?? 0) + (twins?.different ?? 0) === 0 ? 0 : 1;

function modulesIn(folder: string) {
  return readdirSync(folder)
    .filter((name) => /\.asn1?$/u.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** With other modules for the same protocol, if such were named. */
function comparison(): Comparison | null {
  const [type] = types;
  if (values.against === undefined || values.as === undefined || type === undefined) return null;
  const other = { other: modulesIn(values.against), otherType: values.as };
  return sameOctets({ schema, type, variant, ...other }, { values: count, seed });
}

/** The octets of a random value, or `null` when what came back, by either way, was another. */
function thereAndBack(
  { schema: from, variant: rules, codecs }: Job,
  type: string,
  start: number,
): Uint8Array | null {
  const value = new RandomValues(from, start).value(named(type));
  const bytes = encodeValue(from, rules, { type: named(type), value });
  const slow = decodeValue(bytes, { schema: from, variant: rules, type: named(type), mode: 'strict' }).value;
  const fast = codecs[type]?.decode(bytes);
  const again = codecs[type]?.encode(fast);
  const same = sameValue(slow, value) && sameValue(fast, value) && sameValue(again, bytes);
  if (!same) process.stderr.write(`${type}: ${Buffer.from(bytes).toString('hex')} does not come back\n`);
  return same ? bytes : null;
}

/** Whether both decoders read, or both refuse, octets of which one after the other is changed. */
function agreeOnChanges(on: Job, type: string, from: { bytes: Uint8Array; seed: number }): boolean {
  const random = new RandomValues(on.schema, from.seed);
  const bytes = from.bytes.slice(0, MUTATED);
  for (let round = 0; round < CHANGES; round += 1) {
    bytes[random.below(bytes.length)] = random.below(256);
    const decoding = { schema: on.schema, variant: on.variant, type: named(type), mode: 'strict' } as const;
    const slow = readOrRefused(() => decodeValue(bytes, decoding).value);
    const fast = readOrRefused(() => on.codecs[type]?.decode(bytes));
    if ((slow === null) !== (fast === null) || !sameValue(slow?.value, fast?.value)) {
      process.stderr.write(`${type}: ${Buffer.from(bytes).toString('hex')} is read in two ways\n`);
      return false;
    }
    changed[slow === null ? 'refused' : 'read'] += 1;
  }
  return true;
}

function readOrRefused(read: () => unknown): { readonly value: unknown } | null {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof PerError && error.code === 'PER_INVALID') return null;
    throw error;
  }
}

/** How many samples Erlang reads and writes to the same octets; what it refuses, it cannot speak about. */
async function askedErlang(
  asked: readonly Sample[],
): Promise<{ same: number; differs: number; refuses: number }> {
  await using folder = await scratchFolder();
  const modules = files.flatMap(({ text }) => modulesOf(text));
  const answers = askErlang({ folder: join(folder.path, 'erlang'), modules, variant }, asked);
  for (const [index, answer] of answers.entries()) {
    if (answer !== 'same') process.stderr.write(`${asked[index]?.type ?? ''}: ${answer.slice(0, 160)}\n`);
  }
  const of = (word: string) => answers.filter((answer) => answer.startsWith(word)).length;
  return { same: of('same'), differs: of('differs'), refuses: of('refuses') };
}
