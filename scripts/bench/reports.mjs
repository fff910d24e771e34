// npm run bench -- reports [--cases N] [--seconds S]
// Everything in CPU time of this process, best of several rounds: on a shared machine only the ratios travel.
import { spawnSync } from 'node:child_process';
import { sign as rawSign, verify as rawVerify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commit, parseDisclosures } from '../../dist/src/attest/format/disclosure.js';
import { preAuthEncoding, PAYLOAD_TYPE, renderEnvelope } from '../../dist/src/attest/format/envelope.js';
import { makeSalts, sha256 } from '../../dist/src/attest/sign/digests.js';
import { signStatement } from '../../dist/src/attest/sign/signer.js';
import { keysThatSigned } from '../../dist/src/attest/verify/signatures.js';
import { trustKeys } from '../../dist/src/attest/verify/trust.js';
import { verifyReport } from '../../dist/src/attest/verify/verify.js';
import { canonicalBytes } from '../../dist/src/kernel/canonical-json.js';
import { buildReport } from '../../dist/src/reports/report.js';
import { renderStatement } from '../../dist/src/reports/statement.js';
import { round, say } from './_house.mjs';
import { reportInput } from './_report-input.mjs';
import { makeLab } from './_report-memory.mjs';

const ROUNDS = 12;
const SIGNATURE_ROUNDS = 60;
const SMALL_BYTES = 300;
const signal = new AbortController().signal;
const salts = makeSalts(new Uint8Array(32).fill(7));

export async function run(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      cases: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '3' },
      'memory-cases': { type: 'string', default: '100000' },
    },
  });
  const [cases, seconds, memoryCases] = [values.cases, values.seconds, values['memory-cases']].map(Number);
  const lab = openLab('ec');
  say(`issuing and verifying a report of ${cases} cases`);
  const report = await reportRates(lab, cases, seconds);
  const format = await formatRates(cases, seconds);
  say('signatures beside node:crypto and openssl');
  const signatures = {
    p256: await signatureRates(lab, seconds, 'ecdsap256'),
    ed25519: await signatureRates(openLab('ed25519'), seconds, 'ed25519'),
  };
  say(`memory of verifying ${memoryCases} cases`);
  return { cases, ...report, format, signatures, memory: memoryOf(memoryCases) };
}

function openLab(type) {
  const lab = makeLab(type);
  return { ...lab, trust: new Map(trustKeys('lab-north', lab.entries).map((key) => [key.keyid, key])) };
}

async function reportRates({ signers, trust }, cases, seconds) {
  const input = reportInput(cases, signers);
  const render = () => renderStatement(buildReport(input), { sha256, saltFor: salts });
  const issue = async () => renderEnvelope(await signStatement(render().bytes, signers, { signal }));
  const statement = render();
  const envelopeBytes = await issue();
  const disclosures = new TextEncoder().encode(
    `${JSON.stringify([...(statement.disclosures.get('lab-north') ?? [])])}\n`,
  );
  const verify = (given) => {
    const verification = verifyReport({ envelopeBytes, trust, now: input.issuedAt, ...given });
    if (verification.status !== 'accepted') throw new Error(verification.reasons[0].text);
    return verification;
  };
  if (verify({ disclosures: [disclosures] }).cases.opened !== cases)
    throw new Error('not every case was opened');
  const details = JSON.parse(JSON.stringify(input));
  const megabytes = Buffer.byteLength(JSON.stringify(details)) / 1e6;
  const plain = await perCpuSecond(() => JSON.stringify(details), seconds);
  const canonical = await perCpuSecond(() => canonicalBytes(details), seconds);
  return {
    payloadBytes: statement.bytes.length,
    disclosuresBytes: disclosures.length,
    issuePerCpuSecond: await perCpuSecond(issue, seconds),
    verifyAndRevealPerCpuSecond: await perCpuSecond(() => verify({ disclosures: [disclosures] }), seconds),
    verifyCoverPerCpuSecond: await perCpuSecond(() => verify({}), seconds),
    canonicalJson: {
      mbPerCpuSecond: round(canonical * megabytes),
      stringifyMbPerCpuSecond: round(plain * megabytes),
      ratio: round(canonical / plain),
    },
  };
}

/** What the format alone takes: hiding and opening as many values, each small. */
async function formatRates(cases, seconds) {
  const values = Array.from({ length: cases }, (_, n) => ({ n, saw: 'x'.repeat(SMALL_BYTES) }));
  const hide = () => values.map((value, n) => commit(value, salts(`case:${n}`), sha256));
  const bytes = new TextEncoder().encode(JSON.stringify(hide().map(({ disclosure }) => disclosure)));
  return {
    valueBytes: canonicalBytes(values[0]).length,
    hidePerCpuSecond: await perCpuSecond(hide, seconds),
    openPerCpuSecond: await perCpuSecond(() => parseDisclosures(bytes, sha256), seconds),
  };
}

async function signatureRates({ keys: [key], signers: [signer], trust }, seconds, name) {
  const payload = new Uint8Array(SMALL_BYTES).fill(32);
  const bytes = preAuthEncoding(PAYLOAD_TYPE, payload);
  const digest = signer.alg === 'ed25519' ? null : 'sha256';
  const envelope = await signStatement(payload, [signer], { signal });
  const [{ sig }] = envelope.signatures;
  const { key: publicKey } = trust.get(signer.keyid);
  const rounds = await takeTurns(
    {
      signPerCpuSecond: () => signStatement(payload, [signer], { signal }),
      rawSignPerCpuSecond: () => rawSign(digest, bytes, key),
      verifyPerCpuSecond: () => keysThatSigned(envelope, trust),
      rawVerifyPerCpuSecond: () => rawVerify(digest, bytes, publicKey, sig),
    },
    { seconds, turns: SIGNATURE_ROUNDS },
  );
  const openssl = opensslSpeed(name, seconds);
  return {
    ...bestOf(rounds),
    ...openssl,
    signRatio: medianRatio(rounds.signPerCpuSecond, rounds.rawSignPerCpuSecond),
    verifyRatio: medianRatio(rounds.verifyPerCpuSecond, rounds.rawVerifyPerCpuSecond),
  };
}

async function perCpuSecond(work, seconds) {
  return bestOf(await takeTurns({ rate: work }, { seconds, turns: ROUNDS })).rate;
}

/** Operations per second of CPU, of each turn; the works take turns, so that a busy machine hits all of them alike. */
async function takeTurns(works, { seconds, turns }) {
  const rounds = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  for (const work of Object.values(works)) await work();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, work] of Object.entries(works)) {
      rounds[name].push(await oneRound(work, (seconds * 1e6) / turns));
    }
  }
  return rounds;
}

function bestOf(rounds) {
  return Object.fromEntries(Object.entries(rounds).map(([name, rates]) => [name, round(Math.max(...rates))]));
}

/** Of neighbours in time: the best of one and the best of the other may have met different moments of the machine. */
function medianRatio(ours, raw) {
  const ratios = ours.map((rate, turn) => rate / raw[turn]).sort((a, b) => a - b);
  return round(ratios[Math.floor(ratios.length / 2)]);
}

async function oneRound(work, micros) {
  const from = process.cpuUsage();
  for (let done = 1; ; done += 1) {
    await work();
    const { user, system } = process.cpuUsage(from);
    if (user + system >= micros) return (done * 1e6) / (user + system);
  }
}

/** `openssl speed`, which counts CPU time as well; `null` where there is no openssl. */
function opensslSpeed(name, seconds) {
  const args = ['speed', '-mr', '-seconds', String(Math.max(1, Math.round(seconds))), name];
  const { status, stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
  const found =
    status === 0 ? /^\+F[46]:\d+:\d+:(?:[^:]*[A-Za-z][^:]*:)?([\d.e+-]+):([\d.e+-]+)$/mu.exec(stdout) : null;
  if (found === null) return { opensslSignPerSecond: null, opensslVerifyPerSecond: null };
  return {
    opensslSignPerSecond: round(Number(found[1])),
    opensslVerifyPerSecond: round(Number(found[2])),
  };
}

/** In a process of its own: what verifying adds to its peak, against the size of the payload. */
function memoryOf(cases) {
  const script = fileURLToPath(new URL('_report-memory.mjs', import.meta.url));
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const child = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script, ...args], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the memory run ended with ${status}: ${stderr.slice(-2000)}`);
    return stdout;
  };
  try {
    child('make', dir, String(cases));
    return JSON.parse(child('verify', dir));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
