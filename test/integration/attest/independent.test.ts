import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Envelope, renderEnvelope } from '../../../src/attest/format/envelope.ts';
import { renderTrust } from '../../../src/attest/format/keys.ts';
import { STATEMENT_SCHEMA } from '../../../src/attest/format/statement-schema.ts';
import { renderJunit } from '../../../src/reports/junit.ts';
import { renderTestResult } from '../../../src/reports/test-result.ts';
import { aReport } from '../../support/reports.ts';
import { aJointReport, aSignedReport, sign, type SignedReport } from '../../support/signed-report.ts';

/** Programs that share no line with ours. */
const has = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).status === 0;
const openssl = has('openssl', 'version') && has('sh', '-c', 'true');
const python = has('python3', '-c', 'import xml.etree');
const jsonschema = has('python3', '-c', 'import jsonschema; jsonschema.Draft202012Validator');

let dir: string;
let good: SignedReport;
let keys: readonly string[];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'attest-'));
  good = await aSignedReport();
  const files = renderTrust(
    'lab-north',
    good.keys.map(({ entry }) => entry),
  );
  for (const [path, bytes] of files) put(path, bytes);
  keys = [...files.keys()].filter((path) => path.endsWith('.pem')).map((path) => join(dir, path));
});
afterAll(() => rmSync(dir, { recursive: true }));

function put(path: string, bytes: Uint8Array | string): string {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), bytes);
  return join(dir, path);
}

/** The script as our users copy it out of the documentation. */
function script(): string {
  const page = readFileSync(new URL('../../../docs/verify-with-openssl.md', import.meta.url), 'utf8');
  const text = /```sh\n(#!\/bin\/sh\n.*?)```/su.exec(page)?.[1];
  if (text === undefined) throw new Error('the page has no script');
  return put('verify-report.sh', text);
}

function run(
  envelope: Envelope,
  trusted: readonly string[],
): { readonly status: number | null; readonly stdout: string } {
  const file = put('report.dsse.json', renderEnvelope(envelope));
  return spawnSync('sh', [script(), file, ...trusted], { encoding: 'utf8' });
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

describe.skipIf(!openssl)('openssl and a shell (needs openssl)', () => {
  it('accept a report and print the very bytes that were signed', () => {
    const { status, stdout } = run(good.envelope, keys);
    expect([status, stdout]).toEqual([0, new TextDecoder().decode(good.rendered.bytes)]);
  });

  it('accept the derived test result with the key of the lab system, which it names', async () => {
    const testResult = await sign(renderTestResult(good.rendered), good.keys.slice(0, 1));
    const system = keys.filter((path) => path.includes(good.keys[0]!.signer.keyid));
    const { status, stdout } = run(testResult, system);
    expect(status).toBe(0);
    expect(stdout).toContain('"predicateType":"https://in-toto.io/attestation/test-result/v0.1"');
    expect(stdout).toContain(`"digest":{"sha256":"${good.rendered.digest}"}`);
  });

  it('refuse it with one byte of the payload changed', () => {
    const payload = flip(good.envelope.payload, 100);
    expect(run({ ...good.envelope, payload }, keys)).toMatchObject({ status: 1, stdout: '' });
  });

  it('refuse it with another type', () => {
    expect(run({ ...good.envelope, payloadType: 'application/vnd.in-toto+jsom' }, keys).status).toBe(1);
  });

  it.each([0, 1])('refuse it with one byte of signature %i changed', (changed) => {
    const signatures = good.envelope.signatures.map((one, index) =>
      index === changed ? { ...one, sig: flip(one.sig, one.sig.length - 1) } : one,
    );
    expect(run({ ...good.envelope, signatures }, keys).status).toBe(1);
  });

  it('accept a report of two labs with three signatures, Ed25519 and P-256, and miss each that is taken away', async () => {
    const joint = await aJointReport();
    expect(new Set(joint.keys.map(({ entry }) => entry.alg)).size).toBe(2);
    const trusted = joint.keys.flatMap(({ signer, entry }) =>
      [...renderTrust(`joint/${signer.lab}`, [entry])]
        .filter(([path]) => path.endsWith('.pem'))
        .map(([path, bytes]) => put(path, bytes)),
    );
    expect(trusted).toHaveLength(3);
    const { status, stdout } = run(joint.envelope, trusted);
    expect([status, stdout]).toEqual([0, new TextDecoder().decode(joint.rendered.bytes)]);
    for (const missing of [0, 1, 2]) {
      const signatures = joint.envelope.signatures.filter((_, index) => index !== missing);
      expect(run({ ...joint.envelope, signatures }, trusted)).toMatchObject({ status: 1, stdout: '' });
    }
  });

  it('refuse it when a signature was taken away', () => {
    expect(run({ ...good.envelope, signatures: good.envelope.signatures.slice(1) }, keys).status).toBe(1);
  });
});

it.skipIf(!jsonschema)(
  'another validator takes the statement and refuses a changed one (needs python3-jsonschema)',
  () => {
    const check = [
      'import json, sys, jsonschema',
      'schema, value = (json.load(open(p)) for p in sys.argv[1:3])',
      'jsonschema.Draft202012Validator.check_schema(schema)',
      'sys.exit(0 if jsonschema.Draft202012Validator(schema).is_valid(value) else 1)',
    ].join('\n');
    const schema = put('schema.json', JSON.stringify(STATEMENT_SCHEMA));
    const statement = put('statement.json', good.rendered.bytes);
    const changed = put(
      'changed.json',
      new TextDecoder().decode(good.rendered.bytes).replace('"FAIL"', '"GOOD"'),
    );
    expect(spawnSync('python3', ['-c', check, schema, statement]).status).toBe(0);
    expect(spawnSync('python3', ['-c', check, schema, changed]).status).toBe(1);
  },
);

it.skipIf(!python)('another parser finds the JUnit XML well-formed (needs python3)', () => {
  const file = put('junit.xml', renderJunit(aReport()));
  const read =
    'import sys, xml.etree.ElementTree as e; print(e.parse(sys.argv[1]).getroot().attrib["tests"])';
  expect(execFileSync('python3', ['-c', read, file], { encoding: 'utf8' })).toBe('4\n');
});
