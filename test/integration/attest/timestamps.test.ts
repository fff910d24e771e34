import { X509Certificate } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHttpTimeStamper } from '../../../src/adapters/tsa-http/time-stamper.ts';
import { timestampReport } from '../../../src/app/timestamp-report.ts';
import { type Envelope, renderEnvelope } from '../../../src/attest/format/envelope.ts';
import { renderTrust } from '../../../src/attest/format/keys.ts';
import { parseTimestamp } from '../../../src/attest/format/timestamp.ts';
import { stampSignatures } from '../../../src/attest/sign/time-stamper.ts';
import { renderVerification } from '../../../src/attest/verify/render.ts';
import { makeTimestampOpener } from '../../../src/attest/verify/timestamp.ts';
import type { TimestampFile, TimestampInput } from '../../../src/attest/verify/times.ts';
import { verifyFiles } from '../../../src/attest/verify/verify-files.ts';
import { hasOpenssl, type OpensslTsa, serve, startOpensslTsa, stop } from '../../support/openssl-tsa.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { tools } from '../../support/reports.ts';
import {
  aSignedReport,
  check,
  codeOf,
  type Given,
  signChanged,
  type SignedReport,
  trustIn,
} from '../../support/signed-report.ts';

const YEAR_MS = 365 * 86_400_000;
const { signal } = new AbortController();
const files = (stamps: ReadonlyMap<string, Uint8Array>): readonly TimestampFile[] =>
  [...stamps].map(([name, bytes]) => ({ name, bytes }));

let tsa: OpensslTsa;
let report: SignedReport;
let stamps: readonly TimestampFile[];
let now: number;
beforeAll(async () => {
  if (!hasOpenssl) return;
  tsa = await startOpensslTsa();
  now = Date.now();
  report = await issuedAt(now);
  stamps = await stamp(report.envelope);
});
afterAll(async () => {
  if (hasOpenssl) await tsa[Symbol.asyncDispose]();
});

/** A sound report that says it was issued then, whatever the day is when this test runs. */
async function issuedAt(ms: number): Promise<SignedReport> {
  const base = await aSignedReport();
  const envelope = await signChanged(base, ({ predicate: { time, report: cover } }) => {
    const by = ms - Date.parse(cover.issuedAt);
    const moved = (at: string): string => new Date(Date.parse(at) + by).toISOString();
    [time.performedFrom, time.performedTo] = [moved(time.performedFrom), moved(time.performedTo)];
    cover.issuedAt = moved(cover.issuedAt);
  });
  const trust = trustIn(base.keys, (entry) => ({ ...entry, validFrom: 0, validTo: now + 9 * YEAR_MS }));
  return { ...base, envelope, trust, rendered: { ...base.rendered, bytes: envelope.payload } };
}

async function stamp(envelope: Envelope): Promise<readonly TimestampFile[]> {
  return files(await stampSignatures(envelope.signatures, makeHttpTimeStamper({ url: tsa.url }), { signal }));
}

function stamped(
  given: readonly TimestampFile[] = stamps,
  roots = [new X509Certificate(tsa.rootPem)],
): Given {
  const timestamps: TimestampInput = { files: given, open: makeTimestampOpener(roots) };
  return { timestamps, now: now + 60_000 };
}

const revoked = (ms: number): SignedReport['trust'] =>
  trustIn(report.keys, (entry) => ({ ...entry, validFrom: 0, validTo: now + 9 * YEAR_MS, revokedAt: ms }));

describe.skipIf(!hasOpenssl)('time-stamps of a real authority (needs openssl)', () => {
  it('are taken by openssl, too', () => {
    expect(stamps.map(({ name }) => name)).toEqual(
      report.keys.map(({ signer }) => `timestamps/${signer.keyid}.tsr`),
    );
    const { signatures } = report.envelope;
    expect(stamps.map(({ bytes }, index) => tsa.accepts(bytes, signatures[index]!.sig))).toEqual([
      true,
      true,
    ]);
    expect(tsa.accepts(stamps[0]!.bytes, signatures[1]!.sig)).toBe(false);
  });

  it('say when a signature existed, and confirm the time of issue', () => {
    const seen = check(report, stamped());
    expect(seen).toMatchObject({ status: 'accepted', report: { issuedAtConfirmed: true } });
    const times = seen.status === 'accepted' ? seen.signers.map(({ time }) => time) : [];
    expect(times).toHaveLength(2);
    for (const { at, by, authority } of times) {
      expect([by, authority]).toEqual(['timestamp', 'CN=Time authority, O=Lab East']);
      expect(Math.abs(Date.parse(at) - now)).toBeLessThan(60_000);
    }
    expect(seen.steps.find(({ step }) => step === 'timestamps')?.state).toBe('passed');
  });

  it('keep a report valid when a key is revoked later, and only then', () => {
    const later = { ...stamped(), trust: revoked(now + 50_000) };
    expect(check(report, later)).toMatchObject({
      status: 'accepted',
      signers: [{ revokedAt: expect.any(String) as string }, {}],
    });
    expect(codeOf(report, { ...later, trust: revoked(now - 50_000) })).toBe('VERIFY_KEY_REVOKED');
    expect(codeOf(report, { now: now + 60_000, trust: revoked(now + 50_000) })).toBe('VERIFY_KEY_REVOKED');
    const one = { ...stamped(stamps.slice(1)), trust: revoked(now + 50_000) };
    expect(codeOf(report, one)).toBe('VERIFY_KEY_REVOKED');
  });

  it('outside of the life of a key do not help it', () => {
    const trust = trustIn(report.keys, (entry) => ({ ...entry, validFrom: 0, validTo: now - 1000 }));
    expect(codeOf(report, { ...stamped(), trust })).toBe('VERIFY_KEY_NOT_VALID');
  });

  it.each([
    ['VERIFY_TIMESTAMP_SKEW', 'ahead', 2 * YEAR_MS],
    ['accepted', 'behind', -2 * YEAR_MS],
  ])('give %s when the clock of the lab is two years %s', async (code, _, by) => {
    const other = await issuedAt(now + by);
    const given = { ...stamped(await stamp(other.envelope)), now: now + 3 * YEAR_MS };
    expect(codeOf(other, given)).toBe(code);
    const seen = check(other, given);
    if (seen.status === 'accepted') expect(seen.report.issuedAtConfirmed).toBe(false);
  });

  it('from the future of whoever verifies are refused', () => {
    expect(codeOf(report, { ...stamped(), now: now - 60_000 * 9 })).toBe('accepted');
    const early = trustIn(report.keys, (entry) => ({ ...entry, validFrom: 0 }));
    expect(codeOf(report, { ...stamped(), trust: early, now: now - 2 * YEAR_MS })).toBe('VERIFY_TIME_ORDER');
  });

  it('need a root that is trusted', () => {
    expect(codeOf(report, stamped(stamps, []))).toBe('VERIFY_TIMESTAMP_UNTRUSTED');
  });

  it.each([
    ['accepted', 'stamp'],
    ['VERIFY_TIMESTAMP_INVALID', 'loose'],
    ['VERIFY_TIMESTAMP_INVALID', 'wide'],
    ['VERIFY_TIMESTAMP_INVALID', 'bare'],
  ] as const)('give %s when the certificate is made for %s', (code, use) => {
    const { content } = parseTimestamp(stamps[0]!.bytes);
    expect(codeOf(report, stamped([{ name: use, bytes: tsa.forge(content, use) }]))).toBe(code);
  });

  it('of another report are refused', async () => {
    const other = await issuedAt(now + 1000);
    expect(codeOf(report, stamped(await stamp(other.envelope)))).toBe('VERIFY_TIMESTAMP_UNREFERENCED');
  });

  it('with a byte changed are refused, or say the very same', () => {
    const sound = check(report, stamped());
    const { bytes } = stamps[0]!;
    let refusals = 0;
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = { name: 'x', bytes: bytes.map((byte, index) => (index === at ? byte ^ 0x11 : byte)) };
      const seen = check(report, stamped([changed, stamps[1]!]));
      if (seen.status === 'accepted') expect(seen).toEqual(sound);
      else refusals += 1;
    }
    expect(refusals).toBeGreaterThan(bytes.length / 7 / 2);
  });

  it.each([0, 1, 20, 200])('broken off after %i bytes are refused', (length) => {
    const broken = { name: 'x', bytes: stamps[0]!.bytes.slice(0, length) };
    expect(codeOf(report, stamped([broken]))).toBe('VERIFY_TIMESTAMP_INVALID');
  });
});

describe.skipIf(!hasOpenssl)('patchbay report timestamp (needs openssl)', () => {
  it('puts into the bundle what patchbay verify takes, and leaves there what was there', async () => {
    await using dir = await scratchFolder();
    const at = (...names: readonly string[]): string => join(dir.path, ...names);
    const keys = report.keys.map(({ entry }) => ({ ...entry, validFrom: 0, validTo: now + YEAR_MS }));
    const trust = [...renderTrust('lab-north', keys), ['tsa/east.pem', tsa.rootPem] as const];
    for (const [path, bytes] of trust) {
      await mkdir(dirname(at('trust', path)), { recursive: true });
      await writeFile(at('trust', path), bytes);
    }
    await writeFile(at('report.dsse.json'), renderEnvelope(report.envelope));
    const request = { file: at('report.dsse.json'), tsa: tsa.url, out: dir.path };
    const paths = report.keys.map(({ signer }) => at('timestamps', `${signer.keyid}.tsr`));
    expect(await timestampReport(request, { signal })).toEqual({ written: paths, kept: [] });
    expect(await timestampReport(request, { signal })).toEqual({ written: [], kept: paths });
    const given = { file: request.file, trust: at('trust'), timestamps: at('timestamps') };
    const seen = await verifyFiles(given, { now: Date.now(), signal });
    expect(seen).toMatchObject({ status: 'accepted', report: { issuedAtConfirmed: true } });
    expect(renderVerification(seen)).toMatch(
      /issued .* \(confirmed by a time-stamp\)\n(?:.*\n)+? {2}stamped/u,
    );
    await writeFile(at('trust/tsa/east.pem'), 'no certificate');
    expect(await verifyFiles(given, { now: Date.now(), signal })).toMatchObject({
      reasons: [{ code: 'VERIFY_TRUST_INVALID' }],
    });
  });

  it('asks nobody without a report or an address', async () => {
    const request = { file: '/nowhere/report.dsse.json', tsa: tsa.url, out: '/nowhere' };
    await expect(timestampReport(request, { signal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const odd = timestampReport({ ...request, tsa: 'file:///etc/passwd' }, { signal });
    await expect(odd).rejects.toMatchObject({ code: 'WRONG_USE' });
  });
});

describe('asking an authority over HTTP', () => {
  const reply = 'application/timestamp-reply';
  const digest = tools.sha256(new Uint8Array(3));

  it.each([
    ['an error', { status: 500, type: reply, body: new Uint8Array() }],
    ['a page', { type: 'text/html', body: Buffer.from('<html>') }],
    ['a redirect', { status: 302, type: reply, body: new Uint8Array() }],
    ['something else', { type: reply, body: Buffer.from('no') }],
    ['a refusal', { type: reply, body: Buffer.from('30053003020102', 'hex') }],
    ['too much', { type: reply, body: new Uint8Array(100_000) }],
  ])('does not take %s for an answer', async (_, answer) => {
    const { server, url } = await serve(() => answer);
    const asked = makeHttpTimeStamper({ url }).stamp(digest, { signal });
    await expect(asked).rejects.toMatchObject({ code: 'TIMESTAMP_UNAVAILABLE' });
    await stop(server);
  });

  it.skipIf(!hasOpenssl)('does not take an old answer for a new one (needs openssl)', async () => {
    const { server, url } = await serve(() => ({ type: reply, body: stamps[0]!.bytes }));
    const same = tools.sha256(report.envelope.signatures[0]!.sig);
    const asked = makeHttpTimeStamper({ url }).stamp(same, { signal });
    await expect(asked).rejects.toMatchObject({ code: 'TIMESTAMP_UNAVAILABLE', message: /another request/u });
    await stop(server);
  });

  it('ends when its time is over, and when it is told to', async () => {
    const { server, url } = await serve(() => null);
    const asked = makeHttpTimeStamper({ url, timeoutMs: 50 }).stamp(digest, { signal });
    await expect(asked).rejects.toMatchObject({ code: 'TIMESTAMP_UNAVAILABLE', message: /in 50 ms/u });
    const stopping = new AbortController();
    const told = makeHttpTimeStamper({ url }).stamp(digest, { signal: stopping.signal });
    stopping.abort(new Error('told'));
    await expect(told).rejects.toThrow('told');
    await stop(server);
  });

  it('says when nobody is there', async () => {
    const { server, url } = await serve(() => null);
    await stop(server);
    const asked = makeHttpTimeStamper({ url }).stamp(digest, { signal });
    await expect(asked).rejects.toMatchObject({ code: 'TIMESTAMP_UNAVAILABLE' });
  });
});
