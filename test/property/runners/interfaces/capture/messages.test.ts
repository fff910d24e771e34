import { describe, expect, it } from 'vitest';
import { seeded } from '../../../../../runners/interfaces/sctp/impair.ts';
import { HarnessError } from '../../../../../src/kernel/errors.ts';
import { readFrames, type ReadMessage, readMessages } from '../../../../support/capture/read.ts';
import { tappedTalk } from '../../../../support/capture/tapped-talk.ts';

const IMPAIRMENT = { loss: 0.05, duplication: 0.03, reordering: 0.05, reorderMs: 3 };
const COUNT = 120;

describe('messages in a capture', () => {
  it('are those that were sent, in their order, at whichever end the capture was made', async () => {
    for (const seed of [1, 2]) {
      const { sent, files } = await tappedTalk({ ...IMPAIRMENT, seed }, COUNT);
      for (const file of files) {
        const { messages, counts } = readMessages(file);
        expect(byStream(messages)).toEqual(sent);
        expect(counts).toMatchObject({ missing: 0, malformed: 0, wrongChecksum: 0, associations: 1 });
        expect(counts.retransmissions).toBeGreaterThan(0);
        expect(isRising(messages)).toBe(true);
      }
    }
  });

  it('come once and in their order from wherever the capture begins and whatever it has lost', async () => {
    const { sent, files } = await tappedTalk({ ...IMPAIRMENT, seed: 4 }, COUNT);
    const [file] = files;
    const { frames } = readFrames(file);
    const random = seeded(5);
    for (let turn = 0; turn < 20; turn += 1) {
      const from = Math.floor(random() * frames.length);
      const lost = turn % 2 === 0 ? 0 : 0.05;
      const kept = frames.filter((_, index) => index >= from && random() >= lost);
      const pieces = kept.map(({ offset }) => file.subarray(offset, endOf(file, offset)));
      const head = file.subarray(0, frames[0]?.offset);
      const { messages } = readMessages(Buffer.concat([head, ...pieces]));
      for (const [stream, texts] of byStream(messages))
        expect(isPartOf(texts, sent.get(stream) ?? [])).toBe(true);
    }
  });

  it('or the offset where reading ended are all that a damaged file gives', async () => {
    const { files } = await tappedTalk({ ...IMPAIRMENT, seed: 6 }, 60);
    const random = seeded(7);
    let refused = 0;
    for (let turn = 0; turn < 120; turn += 1) {
      const file = Uint8Array.from(files[0]);
      for (let change = 0; change <= turn % 8; change += 1)
        file[Math.floor(random() * file.length)] = Math.floor(random() * 256);
      try {
        expect(
          readMessages(file.subarray(0, turn % 3 === 0 ? file.length : turn * 50)).counts.messages,
        ).toBeLessThan(200);
      } catch (error) {
        if (!(error instanceof HarnessError) || error.code !== 'CAPTURE_INVALID') throw error;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});

function byStream(messages: readonly ReadMessage[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const { stream, bytes } of messages)
    found.set(stream, [...(found.get(stream) ?? []), new TextDecoder().decode(bytes)]);
  return found;
}

function isRising(messages: readonly ReadMessage[]): boolean {
  return messages.every(({ timeNs }, index) => index === 0 || timeNs >= (messages[index - 1]?.timeNs ?? 0n));
}

/** Whether they can be had from `whole` by leaving out some. */
function isPartOf(some: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const text of some) {
    const found = whole.indexOf(text, at);
    if (found < 0) return false;
    at = found + 1;
  }
  return true;
}

function endOf(file: Uint8Array, offset: number): number {
  return offset + new DataView(file.buffer, file.byteOffset + offset).getUint32(4, true);
}
