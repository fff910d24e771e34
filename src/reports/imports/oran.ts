import { isJsonList, parseStrictJson } from '../../attest/format/strict-json.ts';
import type { Finding } from '../../domain/verdict.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import type { ImportedCase } from '../input.ts';
import { clip, malformed, type ReadResults } from './parts.ts';

const MAX_TEXT = 2000;
const MAX_DEPTH = 16;
/** WARN is a pass with something beside: all its metrics passed. What is not in here, says nothing. */
const FINDINGS: ReadonlyMap<string, Finding> = new Map([
  ['PASS', 'pass'],
  ['FAIL', 'fail'],
  ['WARN', 'pass'],
  ['SKIP', 'notRun'],
]);

/** The results JSON of the O-RAN ALLIANCE, schemaVersion 1; members that are missing or unknown are remarked, not refused. */
export function readOran(bytes: Uint8Array): ReadResults {
  const json = parseStrictJson(bytes);
  if (!json.ok) throw malformed(json.error.text);
  const root = json.value;
  const results = isJsonObject(root) ? root['testResults'] : undefined;
  if (!isJsonObject(root) || !isJsonList(results)) throw malformed('it has no list testResults');
  const remarks: string[] = [];
  if (root['schemaVersion'] !== 1) remarks.push('schemaVersion is not 1; read as if it were');
  const cases = readItems({ items: results, suite: '', depth: 1 }, remarks);
  checkWhole(root, cases, remarks);
  return { cases, remarks };
}

interface Items {
  readonly items: readonly Json[];
  readonly suite: string;
  readonly depth: number;
}

function readItems({ items, suite, depth }: Items, remarks: string[]): readonly ImportedCase[] {
  if (depth > MAX_DEPTH) throw malformed(`groups are nested deeper than ${MAX_DEPTH}`);
  return items.flatMap((item) => {
    if (!isJsonObject(item)) throw malformed(`something in testResults is no object`);
    const title = [textOf(item['number']), textOf(item['name'])].filter((part) => part !== '').join(' ');
    const group = item['groupItems'];
    if (!isJsonList(group)) return [readCase({ item, suite, title }, remarks)];
    const within = [suite, title].filter((part) => part !== '').join('/');
    return readItems({ items: group, suite: within, depth: depth + 1 }, remarks);
  });
}

function readCase(
  { item, suite, title }: { item: JsonObject; suite: string; title: string },
  remarks: string[],
): ImportedCase {
  const name = title === '' ? '(no name)' : title;
  if (title === '') remarks.push(`a case in "${clip(suite)}" has neither number nor name`);
  const said = textOf(item['result']);
  const finding = judge({ name, said, metrics: item['metrics'] }, remarks);
  const notes = isJsonList(item['notes']) ? item['notes'].map(textOf).join('\n') : textOf(item['notes']);
  const durationMs = durationOf(item);
  return {
    ...{ suite, name, finding, said: said === '' ? '(nothing)' : clip(said, 40) },
    ...(notes === '' ? {} : { text: clip(notes, MAX_TEXT) }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** A case is what its required metrics make of it: they may lower what it says of itself, and never raise it. */
function judge(
  { name, said, metrics }: { name: string; said: string; metrics: Json | undefined },
  remarks: string[],
): Finding {
  const word = FINDINGS.get(said);
  if (word === undefined) {
    remarks.push(`"${clip(name)}" has the result "${clip(said, 40)}", which is none`);
    return 'none';
  }
  const required = (isJsonList(metrics) ? metrics : [])
    .filter(isJsonObject)
    .filter(({ status }) => status !== 'optional');
  const failed = required.some(({ result }) => result === 'FAIL');
  const open = required.some(({ result }) => result !== 'PASS' && result !== 'FAIL');
  if (word === 'pass' && failed) return differs('fail', 'a metric that it requires failed');
  if (word === 'pass' && open) return differs('inconc', 'a metric that it requires was not measured');
  if (word === 'pass' && required.length === 0)
    remarks.push(`"${clip(name)}" says ${said} and has no metric`);
  if (word === 'fail' && !failed)
    remarks.push(`"${clip(name)}" says FAIL and no metric that it requires failed`);
  return word;

  function differs(finding: Finding, why: string): Finding {
    remarks.push(`"${clip(name)}" says ${said}, and ${why}`);
    return finding;
  }
}

function checkWhole(root: JsonObject, cases: readonly ImportedCase[], remarks: string[]): void {
  const metadata = root['testMetadata'];
  const said = isJsonObject(metadata) ? textOf(metadata['result']) : '';
  if (said === '') remarks.push('testMetadata has no result');
  const failed = cases.filter(({ finding }) => finding === 'fail').length;
  if (said === 'PASS' && failed > 0) remarks.push(`testMetadata says PASS and ${failed} cases failed`);
  if (said === 'FAIL' && failed === 0) remarks.push('testMetadata says FAIL and no case failed');
  const passed = cases.filter(({ finding }) => finding === 'pass').length;
  if (said === 'PASS' && failed === 0 && passed === 0)
    remarks.push('testMetadata says PASS and no case passed');
}

function durationOf({ startDate, stopDate }: JsonObject): number | undefined {
  const [from, to] = [startDate, stopDate].map((text) => (typeof text === 'string' ? Date.parse(text) : NaN));
  return from !== undefined && to !== undefined && to >= from ? to - from : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
