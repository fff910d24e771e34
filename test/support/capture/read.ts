import { CaptureReader } from '../../../runners/interfaces/capture/capture-reader.ts';
import type { Frame } from '../../../runners/interfaces/capture/frame.ts';
import { timeNsOf } from '../../../runners/interfaces/capture/instant.ts';
import {
  type CaptureCounts,
  type CapturedMessage,
  MessageReader,
  type MessageReaderOptions,
} from '../../../runners/interfaces/capture/message-reader.ts';
import { captureHead, capturedPacket } from '../../../runners/interfaces/capture/write-capture.ts';
import { framesOf, type TestFrame } from './files.ts';
import type { TalkPacket } from './talk.ts';

export type ReadMessage = CapturedMessage & { readonly timeNs: bigint };

export interface ReadCapture {
  readonly messages: readonly ReadMessage[];
  readonly ended: readonly { readonly association: number; readonly at: bigint }[];
  readonly counts: CaptureCounts;
  readonly cutAt: number | undefined;
}

/** Everything in a file that comes in pieces of so many bytes. */
export function readMessages(
  file: Uint8Array,
  { piece = 65_536, ...options }: Omit<MessageReaderOptions, 'onMessage'> & { piece?: number } = {},
): ReadCapture {
  const messages: ReadMessage[] = [];
  const ended: { association: number; at: bigint }[] = [];
  const reader = new MessageReader({
    ...options,
    onMessage: (message) => messages.push({ ...message, timeNs: timeNsOf(message) }),
    onEnded: (association, at) => ended.push({ association, at: timeNsOf(at) }),
  });
  for (let at = 0; at < file.length; at += piece) reader.push(file.slice(at, at + piece));
  reader.end();
  return { messages, ended, counts: reader.counts, cutAt: reader.cutAt };
}

/** A frame of a file, with what there is of it by itself. */
export interface ReadFrame extends Pick<Frame, 'linkType' | 'offset'> {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
}

export function readFrames(
  file: Uint8Array,
  piece = 65_536,
): { frames: ReadFrame[]; cutAt: number | undefined } {
  const frames: ReadFrame[] = [];
  const reader = new CaptureReader((frame) => {
    const { linkType, offset, bytes, start, end } = frame;
    frames.push({ linkType, offset, timeNs: timeNsOf(frame), bytes: bytes.slice(start, end) });
  });
  for (let at = 0; at < file.length; at += piece) reader.push(file.slice(at, at + piece));
  return { frames, cutAt: reader.cutAt };
}

/** A file as the product writes it. */
export function ownFile(frames: readonly TestFrame[]): Uint8Array {
  return Buffer.concat([
    captureHead([{ name: 'e2' }]),
    ...frames.map(({ bytes, timeNs }) => capturedPacket(bytes, timeNs)),
  ]);
}

export function readTalk(
  packets: readonly TalkPacket[],
  options: Parameters<typeof framesOf>[1] = {},
): ReadCapture {
  return readMessages(ownFile(framesOf(packets, options)));
}

export function textsOf({ messages }: Pick<ReadCapture, 'messages'>): readonly string[] {
  return messages.map(({ bytes }) => new TextDecoder().decode(bytes));
}
