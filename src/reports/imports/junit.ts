import type { Finding } from '../../domain/verdict.ts';
import type { ImportedCase } from '../input.ts';
import { clip, malformed, type ReadResults } from './parts.ts';
import { parseXml, type XmlElement } from './xml.ts';

const MAX_TEXT = 2000;
/** What a case is by its children, the first that applies: an `error` speaks of the harness and decides nothing. */
const CHILDREN = [
  ['error', 'error'],
  ['failure', 'fail'],
  ['skipped', 'notRun'],
] as const satisfies readonly (readonly [string, Finding])[];
/** Words of attributes that some harnesses write beside, or instead of, children. */
const NOT_RUN = /^(?:notrun|not_run|skipped|ignored|disabled|suppressed)$/iu;
const NOT_PASSED = /^(?:failed|failure|error|errored|broken)$/iu;
const PASSED = /^(?:passed|pass|success|ok|completed)$/iu;
/** Children for tries that another one made good. */
const RETRIES = new Set(['rerunFailure', 'rerunError', 'flakyFailure', 'flakyError', 'rerun']);

/**
 * JUnit XML, which no standard describes: suites in suites or none, totals that are wrong, late or absent, retried tests
 * as cases or as children.
 */
export function readJunit(bytes: Uint8Array): ReadResults {
  const root = parseXml(bytes);
  if (root.name !== 'testsuites' && root.name !== 'testsuite')
    throw malformed(`its element is <${clip(root.name)}>, not <testsuites> or <testsuite>`);
  const remarks: string[] = [];
  const cases = readSuite(root, '', remarks);
  return { cases, remarks };
}

/** Adds what is wrong with it to `remarks`. */
function readSuite(suite: XmlElement, within: string, remarks: string[]): readonly ImportedCase[] {
  const own = suite.attributes.get('name') ?? '';
  const name = suite.name === 'testsuites' ? '' : [within, own].filter((part) => part !== '').join('/');
  const direct: ImportedCase[] = [];
  const inner: ImportedCase[] = [];
  for (const child of suite.children) {
    if (child.name === 'testcase') direct.push(readCase(child, name, remarks));
    if (child.name === 'testsuite') inner.push(...readSuite(child, name, remarks));
  }
  checkTotals(suite, { direct, all: [...direct, ...inner] }, remarks);
  return [...direct, ...inner];
}

function readCase(element: XmlElement, suite: string, remarks: string[]): ImportedCase {
  const className = element.attributes.get('classname');
  const own = element.attributes.get('name');
  const name = [className, own].filter((part) => part !== undefined && part !== '').join('.');
  if (name === '') remarks.push(`a case in suite "${clip(suite)}" has no name`);
  const decided = CHILDREN.find(([child]) => element.children.some((one) => one.name === child));
  const told = decided?.[0];
  const finding = judge({ element, finding: decided?.[1] ?? 'pass', name: `${suite}/${name}` }, remarks);
  const why = element.children.find((one) => one.name === told);
  const text = why === undefined ? '' : (why.attributes.get('message') ?? why.text).trim();
  const durationMs = readTime(element, `case "${clip(name)}"`, remarks);
  return {
    suite,
    name: name === '' ? '(no name)' : name,
    finding,
    said: told ?? 'no child',
    ...(text === '' ? {} : { text: clip(text, MAX_TEXT) }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

interface Told {
  readonly element: XmlElement;
  readonly finding: Finding;
  readonly name: string;
}

/** A word that contradicts the children makes no pass of a failure, and no pass at all. */
function judge({ element, finding, name }: Told, remarks: string[]): Finding {
  const retried = element.children.filter((one) => RETRIES.has(one.name)).length;
  if (retried > 0) remarks.push(`"${clip(name)}" was tried again ${retried} times`);
  const words = ['status', 'result'].flatMap((key) => element.attributes.get(key) ?? []);
  if (finding === 'pass' && words.some((word) => NOT_RUN.test(word))) return 'notRun';
  const contradicts = words.find((word) => (finding === 'pass' ? NOT_PASSED : PASSED).test(word));
  if (contradicts === undefined) return finding;
  remarks.push(`"${clip(name)}" says ${clip(contradicts)}, and its children say ${finding}`);
  return finding === 'pass' ? 'inconc' : finding;
}

const TOTALS = {
  tests: () => true,
  failures: ({ finding }) => finding === 'fail',
  errors: ({ finding }) => finding === 'error',
  skipped: ({ finding }) => finding === 'notRun',
} as const satisfies Record<string, (one: ImportedCase) => boolean>;

/** Harnesses count what is in a suite with or without what is in suites inside of it: either is borne out. */
function checkTotals(
  { name, attributes }: XmlElement,
  { direct, all }: { readonly direct: readonly ImportedCase[]; readonly all: readonly ImportedCase[] },
  remarks: string[],
): void {
  const title = attributes.get('name');
  const where = title === undefined ? `<${name}>` : `<${name}> "${clip(title)}"`;
  for (const [total, counts] of Object.entries(TOTALS)) {
    const said = attributes.get(total);
    if (said === undefined) continue;
    const found = all.filter(counts).length;
    const isBorneOut = [found, direct.filter(counts).length].some((count) => said.trim() === String(count));
    if (!isBorneOut) remarks.push(`${where} says ${clip(said, 40)} ${total} and has ${found}`);
  }
}

/** `1.5`, `1,234.5` or, from a harness that writes in its user's language, `0,5`; in seconds. */
function readTime({ attributes }: XmlElement, where: string, remarks: string[]): number | undefined {
  const said = attributes.get('time')?.trim();
  if (said === undefined || said === '') return undefined;
  const plain = said.includes('.') ? said.replaceAll(',', '') : said.replace(',', '.');
  const seconds = /^\d{1,12}(?:\.\d{1,12})?(?:[eE][-+]?\d{1,2})?$/u.test(plain) ? Number(plain) : NaN;
  if (Number.isFinite(seconds)) return Math.round(seconds * 1_000_000) / 1000;
  remarks.push(`${where} took "${clip(said, 40)}", which is no time`);
  return undefined;
}
