import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Connection } from '../../../runners/core/connection.ts';
import { readCredentials } from '../../../runners/core/credentials.ts';
import type { RunRef } from '../../../src/contract/parts.ts';
import type { EvidenceProgress } from '../../../src/contract/runner-messages.ts';
import { runnerService } from '../../../src/contract/services.ts';
import type { EvidenceItem } from '../../../src/domain/case-record.ts';
import type { Digest } from '../../../src/domain/ids.ts';
import { openWireHouse, type WireHouse } from '../../support/wire-house.ts';

const CHUNK = 64 * 1024;
const signal = AbortSignal.timeout(120_000);
let house: WireHouse;
let connection: Connection;
let ref: RunRef;

beforeAll(async () => {
  house = await openWireHouse();
  const testbed = await house.aTestbed();
  // The runner holds its run for ever; the test uploads beside it, with the same certificate.
  const runner = await house.runner(testbed, { execute: () => new Promise(() => undefined) });
  ref = await house.aHeldRun(testbed);
  const credentials = await readCredentials(runner.stateDir);
  if (credentials === null) throw new Error('not enrolled');
  connection = Connection.of(credentials);
});
afterAll(() => house[Symbol.asyncDispose]());

const itemOf = (bytes: Uint8Array): EvidenceItem => ({
  digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest,
  mediaType: 'application/octet-stream',
  role: 'capture',
  bytes: bytes.length,
});

/** Sends `chunks` pieces from `offset` on and ends the call. */
async function upload(
  item: EvidenceItem,
  bytes: Uint8Array,
  { offset, chunks }: { offset: number; chunks: number },
): Promise<EvidenceProgress> {
  const { stream, answer } = connection.upload();
  stream.write({ kind: 'header', ...ref, item, offset });
  for (let n = 0; n < chunks; n += 1) {
    const from = offset + n * CHUNK;
    stream.write({ kind: 'chunk', bytes: bytes.subarray(from, from + CHUNK) });
  }
  stream.end();
  return answer;
}

const state = ({ digest }: EvidenceItem): Promise<EvidenceProgress> =>
  connection.call(runnerService.queryEvidence, { ...ref, digest }, { signal });

it('goes on after a break at every chunk', async () => {
  const bytes = randomBytes(3 * CHUNK + 100);
  const item = itemOf(bytes);
  for (let chunk = 0; chunk < 3; chunk += 1) {
    const progress = await upload(item, bytes, { offset: chunk * CHUNK, chunks: 1 });
    expect(progress).toEqual({ complete: false, offset: (chunk + 1) * CHUNK });
  }
  const done = await upload(item, bytes, { offset: 3 * CHUNK, chunks: 1 });
  expect(done).toEqual({ complete: true, offset: bytes.length });
  expect(Buffer.from(await house.evidence.get(item.digest)).equals(bytes)).toBe(true);
  expect(await house.store.evidenceOf(ref.run)).toContainEqual(item);
});

it('refuses bytes that do not have the digest, and begins again', async () => {
  const bytes = randomBytes(CHUNK);
  const item = itemOf(bytes);
  const wrong = Buffer.from(bytes);
  wrong[0] = (wrong[0] ?? 0) ^ 1;
  await expect(upload(item, wrong, { offset: 0, chunks: 1 })).rejects.toMatchObject({
    code: 'EVIDENCE_CORRUPT',
  });
  expect(await state(item)).toEqual({ complete: false, offset: 0 });
  await expect(upload(item, bytes, { offset: 0, chunks: 1 })).resolves.toMatchObject({ complete: true });
});

it('refuses more bytes than announced, items over the limit, and old fences', async () => {
  const bytes = randomBytes(2 * CHUNK);
  const short = { ...itemOf(bytes), bytes: CHUNK };
  await expect(upload(short, bytes, { offset: 0, chunks: 2 })).rejects.toMatchObject({
    code: 'MESSAGE_INVALID',
  });
  const huge = { ...itemOf(bytes), bytes: 2 ** 31 };
  await expect(upload(huge, bytes, { offset: 0, chunks: 1 })).rejects.toMatchObject({
    code: 'INPUT_TOO_LARGE',
  });
  const { stream, answer } = connection.upload();
  stream.end({ kind: 'header', ...ref, fence: ref.fence + 1, item: itemOf(bytes), offset: 0 });
  await expect(answer).rejects.toMatchObject({ code: 'STALE_FENCE' });
});
