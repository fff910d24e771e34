import { CaptureReader } from '../../../runners/interfaces/capture/capture-reader.ts';
import type { Frame } from '../../../runners/interfaces/capture/frame.ts';
import {
  type CaptureCounts,
  type CapturedMessage,
  MessageReader,
  type MessageReaderOptions,
} from '../../../runners/interfaces/capture/message-reader.ts';
import { captureHead, capturedPacket } from '../../../runners/interfaces/capture/write-capture.ts';
import { framesOf, type TestFrame } from './files.ts';
import type { TalkPacket } from './talk.ts';

export interface ReadCapture {
  readonly messages: readonly CapturedMessage[];
  readonly counts: CaptureCounts;
  readonly cutAt: number | undefined;
}

/** Everything in a file that comes in pieces of so many bytes. */
export function readMessages(
  file: Uint8Array,
  { piece = 65_536, ...options }: MessageReaderOptions & { piece?: number } = {},
): ReadCapture {
  const reader = new MessageReader(options);
  const messages: CapturedMessage[] = [];
  for (let at = 0; at < file.length; at += piece) messages.push(...reader.push(file.slice(at, at + piece)));
  messages.push(...reader.end());
  return { messages, counts: reader.counts, cutAt: reader.cutAt };
}

export function readFrames(file: Uint8Array, piece = 65_536): { frames: Frame[]; cutAt: number | undefined } {
  const reader = new CaptureReader();
  const frames: Frame[] = [];
  for (let at = 0; at < file.length; at += piece) frames.push(...reader.push(file.slice(at, at + piece)));
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
