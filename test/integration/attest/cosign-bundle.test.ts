import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Envelope, parseEnvelope, renderEnvelopeLine } from '../../../src/attest/format/envelope.ts';
import { renderSigstoreBundles } from '../../../src/attest/format/sigstore-bundle.ts';
import { T0 } from '../../support/reports.ts';
import {
  ACCEPTED,
  issueReport,
  openTwoLabs,
  PART,
  put,
  refusalOf,
  type TwoLabs,
} from '../../support/two-labs.ts';

/** Stands in for what was derived from the report: another envelope, which must stay as it is. */
const DERIVED =
  '{"payloadType":"application/vnd.in-toto+json", "payload":"ZGVyaXZlZA==","signatures":[{"sig":"AAAA"}]}';

let fresh: TwoLabs;
let labs: TwoLabs;
const atNow = () => vi.useFakeTimers({ toFake: ['Date'], now: T0 + 600_000 });
beforeAll(async () => {
  atNow();
  fresh = await openTwoLabs();
});
afterAll(() => fresh[Symbol.asyncDispose]());
beforeEach(async () => {
  atNow();
  labs = await fresh.copy();
  expect(await labs.sign(await labs.request())).toBe(ACCEPTED);
  await writeDependents(await envelope());
});
afterEach(async () => {
  vi.useRealTimers();
  await labs[Symbol.asyncDispose]();
});

const inBundle = (name: string): string => join(labs.north, 'report', name);
const merge = (...to: readonly string[]): Promise<string> =>
  refusalOf('cosign', 'merge', labs.envelope, labs.sig, '--trust', join(labs.north, 'trust'), ...to);
const mergeIntoBundle = (): Promise<string> => merge('--bundle', inBundle('.'));

async function envelope(): Promise<Envelope> {
  const read = parseEnvelope(await readFile(labs.envelope));
  if (!read.ok) throw new Error(read.error.text);
  return read.value;
}

/** What is in a bundle because of the signatures of the report. */
async function writeDependents(report: Envelope): Promise<void> {
  await put(inBundle('test-result.intoto.jsonl'), `${DERIVED}\n${renderEnvelopeLine(report)}`);
  for (const [name, bytes] of renderSigstoreBundles(report)) await put(inBundle(`sigstore/${name}`), bytes);
}

async function bundle(): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(inBundle('.'), { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );
  const read = async (path: string) => [path, await readFile(path, 'utf8')] as const;
  return Object.fromEntries(await Promise.all(names.map((one) => read(join(one.parentPath, one.name)))));
}

describe('a bundle into which a co-signature is merged', () => {
  it('holds it wherever it holds signatures, and what was derived stays as it was', async () => {
    expect(await mergeIntoBundle()).toBe(ACCEPTED);
    const merged = await envelope();
    expect(merged.signatures).toHaveLength(3);
    expect(await labs.verify(labs.envelope)).toBe(ACCEPTED);
    expect(await readFile(inBundle('test-result.intoto.jsonl'), 'utf8')).toBe(
      `${DERIVED}\n${renderEnvelopeLine(merged)}`,
    );
    const sigstore = renderSigstoreBundles(merged);
    expect((await readdir(inBundle('sigstore'))).sort()).toEqual([...sigstore.keys()].sort());
    for (const [name, bytes] of sigstore)
      expect(await readFile(inBundle(`sigstore/${name}`))).toEqual(Buffer.from(bytes));
  });

  it('stays the same when it is merged again', async () => {
    await mergeIntoBundle();
    const once = await bundle();
    expect(await mergeIntoBundle()).toBe(ACCEPTED);
    expect(await bundle()).toEqual(once);
  });

  it('is finished by the same command after one that was killed half-way', async () => {
    const before = await bundle();
    await mergeIntoBundle();
    const whole = await bundle();
    const paths = Object.keys(whole);
    for (const done of paths.keys()) {
      // Any mixture of old files and new ones, and the draft of a file that never got its name.
      for (const [at, path] of paths.entries()) {
        const bytes = at < done ? whole[path] : before[path];
        if (bytes === undefined) await rm(path);
        else await writeFile(path, bytes);
      }
      await writeFile(inBundle('sigstore/a.sigstore.json.new-00'), 'half');
      expect(await mergeIntoBundle()).toBe(ACCEPTED);
      expect(await bundle()).toEqual(whole);
    }
  });

  it('loses the sigstore bundle of a signature that the report does not have', async () => {
    await writeFile(inBundle('sigstore/stray.sigstore.json'), '{}');
    await mergeIntoBundle();
    expect(await readdir(inBundle('sigstore'))).not.toContain('stray.sigstore.json');
  });

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'it is that of another report',
      '1 COSIGN_FOREIGN_PAYLOAD',
      async () => {
        const mine = await readFile(labs.envelope);
        await issueReport(labs.north, [await labs.cosigner(PART)]);
        await writeDependents(await envelope());
        await writeFile(labs.envelope, mine);
      },
    ],
    ['it lacks a file', '2 NOT_FOUND', () => rm(inBundle('test-result.intoto.jsonl'))],
    [
      'a line in it is no envelope',
      '1 VERIFY_JSON_INVALID',
      () => put(inBundle('test-result.intoto.jsonl'), 'nonsense\n'),
    ],
    [
      'it holds no text',
      '2 INPUT_INVALID',
      () => put(inBundle('test-result.intoto.jsonl'), Uint8Array.of(0xff, 0x0a)),
    ],
  ])('is left alone when %s', async (_, code, spoil) => {
    await spoil();
    const before = await bundle();
    expect(await mergeIntoBundle()).toBe(code);
    expect(await bundle()).toEqual(before);
  });

  it('is one of two places where to write, and one must be said', async () => {
    expect(await merge()).toBe('2 WRONG_USE');
    expect(await merge('--out', labs.merged, '--bundle', inBundle('.'))).toBe('2 WRONG_USE');
  });
});
