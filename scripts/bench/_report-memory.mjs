// _report-memory.mjs make DIR CASES: writes a report, a small one and the keys into DIR.
// _report-memory.mjs verify DIR: prints by how much verifying the report raises the peak of the process's memory.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderEnvelope } from '../../dist/src/attest/format/envelope.js';
import { renderTrust } from '../../dist/src/attest/format/keys.js';
import { makeSalts, sha256 } from '../../dist/src/attest/sign/digests.js';
import { makeSigner, signStatement, spkiOf } from '../../dist/src/attest/sign/signer.js';
import { readTrust } from '../../dist/src/attest/verify/trust.js';
import { verifyReport } from '../../dist/src/attest/verify/verify.js';
import { buildReport } from '../../dist/src/reports/report.js';
import { renderStatement } from '../../dist/src/reports/statement.js';
import { reportInput } from './_report-input.mjs';

const LAB = 'lab-north';
const USES = { 'lab-system': 'report-system', 'authorised-signatory': 'authorised-signatory' };
const SMALL = 10;
const FOR_EVER = Date.parse('2100-01-01T00:00:00Z');

/** Keys and signers of one lab; the entries as they stand in its `keys.json`. */
export function makeLab(type) {
  const made = Object.entries(USES).map(([role, use]) => {
    const { privateKey: key } = generateKeyPairSync(type, { namedCurve: 'prime256v1' });
    const signer = makeSigner(LAB, role, key);
    const entry = {
      ...{ keyid: signer.keyid, spki: spkiOf(key), alg: signer.alg, uses: [use], holder: role },
      ...{ validFrom: 0, validTo: FOR_EVER, selfDeclared: true },
    };
    return { key, signer, entry };
  });
  return {
    keys: made.map(({ key }) => key),
    signers: made.map(({ signer }) => signer),
    entries: made.map(({ entry }) => entry),
  };
}

async function make(dir, cases) {
  const { signers, entries } = makeLab('ec');
  mkdirSync(join(dir, LAB));
  for (const [name, bytes] of renderTrust(LAB, entries)) writeFileSync(join(dir, name), bytes);
  const saltFor = makeSalts(new Uint8Array(32).fill(7));
  for (const [name, size] of [
    ['large', Number(cases)],
    ['small', SMALL],
  ]) {
    const { bytes } = renderStatement(buildReport(reportInput(size, signers)), { sha256, saltFor });
    const envelope = await signStatement(bytes, signers, { signal: new AbortController().signal });
    writeFileSync(join(dir, `${name}.json`), renderEnvelope(envelope));
    if (name === 'large') writeFileSync(join(dir, 'payload.size'), String(bytes.length));
  }
}

async function verify(dir) {
  const trust = await readTrust(dir);
  const accept = (name) => {
    const verification = verifyReport({ envelopeBytes: readFileSync(join(dir, name)), trust, now: FOR_EVER });
    if (verification.status !== 'accepted') throw new Error(verification.reasons[0].text);
    return verification.cases.of;
  };
  for (let round = 0; round < 50; round += 1) accept('small.json');
  globalThis.gc();
  const before = process.memoryUsage().rss;
  const cases = accept('large.json');
  const peak = process.resourceUsage().maxRSS * 1024 - before;
  const payloadBytes = Number(readFileSync(join(dir, 'payload.size'), 'utf8'));
  const ratio = Math.round((peak / payloadBytes) * 100) / 100;
  console.log(JSON.stringify({ cases, payloadBytes, peakBytes: peak, ratio }));
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'make') await make(...rest);
if (what === 'verify') await verify(...rest);
