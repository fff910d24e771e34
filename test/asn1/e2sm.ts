/**
 * `npm run golden:e2sm -- DIR [--values N] [--seed N]`: compares our own texts of E2SM-KPM and E2SM-RC with the published modules that you
 * have in DIR (one version of each): random values of either side must give the same octets and come back through the other. The last line
 * on standard output is JSON; the exit code is 1 when anything differs or nothing could be compared.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileModules } from '../../runners/interfaces/per/asn1/compile.ts';
import { decodeValue } from '../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../runners/interfaces/per/interpret-encode.ts';
import type { Schema } from '../../runners/interfaces/per/schema.ts';
import { sameValue } from '../../runners/interfaces/per/values.ts';
import { e2smTexts } from '../support/e2sm-texts.ts';
import { named } from '../support/everything-asn1.ts';
import { type Codecs, generatedCodecs } from '../support/generated-per.ts';
import { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';

/** Published type and ours; the two headers of KPM are told apart by which of them fits. */
const PAIRS: readonly (readonly [published: string, own: readonly string[]])[] = [
  ['E2SM-KPM-IEs.E2SM-KPM-RANfunction-Description', ['E2sm-Kpm.RanFunctionDefinition']],
  ['E2SM-KPM-IEs.E2SM-KPM-EventTriggerDefinition', ['E2sm-Kpm.EventTrigger']],
  ['E2SM-KPM-IEs.E2SM-KPM-ActionDefinition', ['E2sm-Kpm.ActionDefinition']],
  ['E2SM-KPM-IEs.E2SM-KPM-IndicationHeader', ['E2sm-Kpm.IndicationHeaderV3', 'E2sm-Kpm.IndicationHeaderV2']],
  ['E2SM-KPM-IEs.E2SM-KPM-IndicationMessage', ['E2sm-Kpm.IndicationMessage']],
  ['E2SM-RC-IEs.E2SM-RC-RANFunctionDefinition', ['E2sm-Rc.RanFunctionDefinition']],
  ['E2SM-RC-IEs.E2SM-RC-EventTrigger', ['E2sm-Rc.EventTrigger']],
  ['E2SM-RC-IEs.E2SM-RC-ActionDefinition', ['E2sm-Rc.ActionDefinition']],
  ['E2SM-RC-IEs.E2SM-RC-IndicationHeader', ['E2sm-Rc.IndicationHeader']],
  ['E2SM-RC-IEs.E2SM-RC-IndicationMessage', ['E2sm-Rc.IndicationMessage']],
  ['E2SM-RC-IEs.E2SM-RC-CallProcessID', ['E2sm-Rc.CallProcess']],
  ['E2SM-RC-IEs.E2SM-RC-ControlHeader', ['E2sm-Rc.ControlHeader']],
  ['E2SM-RC-IEs.E2SM-RC-ControlMessage', ['E2sm-Rc.ControlMessage']],
  ['E2SM-RC-IEs.E2SM-RC-ControlOutcome', ['E2sm-Rc.ControlOutcome']],
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { values: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' } },
});
const [dir] = positionals;
const [count, seed] = [Number(values.values), Number(values.seed)];
if (dir === undefined || positionals.length > 1 || !(count > 0) || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run golden:e2sm -- DIR [--values N] [--seed N]\n');
  process.exit(2);
}
const files = readdirSync(dir)
  .filter((name) => /\.asn1?$/u.test(name))
  .map((name) => ({ name, text: readFileSync(join(dir, name), 'utf8') }));
const published = compileModules(files);
const own = compileModules(e2smTexts());
const codecs = await generatedCodecs(own, 'aligned');
const pairs = PAIRS.filter(([name]) => published.types.has(name)).map(
  ([theirs, ours]) => [theirs, fitting(theirs, ours)] as const,
);
let different = 0;
for (let round = 0; round < count && pairs.length > 0; round += 1) {
  const [theirs, ours] = pairs[round % pairs.length] ?? ['', ''];
  const [from, name] = Math.floor(round / pairs.length) % 2 === 0 ? [published, theirs] : [own, ours];
  if (same([theirs, ours], new RandomValues(from, seed + round).value(named(name)))) continue;
  different += 1;
  process.stderr.write(`${theirs}: seed ${seed + round} of ${name} gives other octets\n`);
}
const done = { golden: 'e2sm', types: pairs.length, values: pairs.length === 0 ? 0 : count, different };
process.stdout.write(`${JSON.stringify(done)}\n`);
process.exitCode = pairs.length > 0 && different === 0 ? 0 : 1;

/** Of several types of ours, the first that writes a value of theirs. */
function fitting(theirs: string, candidates: readonly string[]): string {
  const value = new RandomValues(published, seed).value(named(theirs));
  const fits = (name: string) =>
    outcome(() => encodeValue(own, 'aligned', { type: named(name), value })) !== null;
  return candidates.find(fits) ?? candidates[0] ?? '';
}

function same([theirs, ours]: readonly [string, string], value: unknown): boolean {
  const bytes = outcome(() => encodeValue(published, 'aligned', { type: named(theirs), value }));
  const mine: Codecs[string] | undefined = codecs[ours];
  if (bytes === null || mine === undefined) return false;
  return (
    sameValue(
      outcome(() => encodeValue(own, 'aligned', { type: named(ours), value })),
      bytes,
    ) &&
    sameValue(
      outcome(() => mine.encode(value)),
      bytes,
    ) &&
    sameValue(
      outcome(() => mine.decode(bytes)),
      value,
    ) &&
    sameValue(
      outcome(() => decoded(own, ours, bytes)),
      value,
    )
  );
}

function decoded(schema: Schema, name: string, bytes: Uint8Array): unknown {
  return decodeValue(bytes, { schema, variant: 'aligned', type: named(name), mode: 'strict' }).value;
}

/** A refusal of either side is a difference, and no reason to stop. */
function outcome<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}
