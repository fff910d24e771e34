import { parseEnvelope } from '../../src/attest/format/envelope.ts';
import { sha256 } from '../../src/attest/sign/digests.ts';
import type { TimeStamper } from '../../src/attest/sign/time-stamper.ts';
import { timestampPath } from '../../src/attest/sign/time-stamper.ts';
import type { EvidenceStore } from '../../src/campaigns/ports.ts';
import type { StoredReport } from '../../src/campaigns/store-ports.ts';
import { HarnessError } from '../../src/kernel/errors.ts';

/** An authority in the hands of the test; its time-stamps are the digests that they are over, in words. */
export interface FakeStamper extends TimeStamper {
  answers: boolean;
  /** How often it was asked. */
  asked: number;
}

export function fakeStamper(): FakeStamper {
  const stamper: FakeStamper = {
    answers: true,
    asked: 0,
    stamp: (digest, { signal }) => {
      signal.throwIfAborted();
      stamper.asked += 1;
      if (stamper.answers) return Promise.resolve(stampOf(digest));
      return Promise.reject(new HarnessError('TIMESTAMP_UNAVAILABLE', 'nobody is there'));
    },
  };
  return stamper;
}

/** The time-stamps of a stored report, and those that its own signatures should have: each by path, in words. */
export async function stampsOf(
  evidence: EvidenceStore,
  { files }: StoredReport,
): Promise<{ readonly are: Record<string, string>; readonly should: Record<string, string> }> {
  const text = async (name: string): Promise<string> =>
    Buffer.from(await evidence.get(files[name] ?? ('' as never))).toString();
  const names = Object.keys(files).filter((name) => name.startsWith('timestamps/'));
  const are = await Promise.all(names.map(async (name) => [name, await text(name)] as const));
  const envelope = parseEnvelope(Buffer.from(await text('report.dsse.json')));
  if (!envelope.ok) throw new Error(envelope.error.text);
  const should = envelope.value.signatures.map(
    (one) => [timestampPath(one), Buffer.from(stampOf(sha256(one.sig))).toString()] as const,
  );
  return { are: Object.fromEntries(are), should: Object.fromEntries(should) };
}

function stampOf(digest: Uint8Array): Uint8Array {
  return Buffer.from(`over ${Buffer.from(digest).toString('hex')}`);
}
