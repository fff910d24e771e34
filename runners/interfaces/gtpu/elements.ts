import { err, ok, type Result } from '../../../src/kernel/result.ts';

/** Information elements of signalling messages. @see TS 29.281 clause 8.1, table 8.1-1 */
export const GTPU_ELEMENT = {
  recovery: 14,
  teidDataI: 16,
  peerAddress: 133,
  extensionHeaderTypes: 141,
  recoveryTimeStamp: 231,
  privateExtension: 255,
} as const;

export interface GtpuElement {
  readonly type: number;
  readonly value: Uint8Array;
}

/** Elements below 128 have no length of their own: it follows from the type. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [GTPU_ELEMENT.recovery, 1],
  [GTPU_ELEMENT.teidDataI, 4],
]);
/** This one counts its entries in one octet. */
const COUNTED = GTPU_ELEMENT.extensionHeaderTypes;

/** @returns a word on what is wrong and where, counted in octets from the first of the elements */
export function decodeElements(bytes: Uint8Array): Result<readonly GtpuElement[], string> {
  const elements: GtpuElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const type = bytes[at] ?? 0;
    const extent = extentOf(bytes, at);
    if (extent === undefined) return err(`octet ${at}: element ${type} is not known and has no length`);
    const { head, length } = extent;
    if (at + head + length > bytes.length) return err(`octet ${at}: element ${type} is cut off`);
    elements.push({ type, value: bytes.slice(at + head, at + head + length) });
    at += head + length;
  }
  return ok(elements);
}

function extentOf(bytes: Uint8Array, at: number): { head: number; length: number } | undefined {
  const type = bytes[at] ?? 0;
  if (type === COUNTED) return { head: 2, length: bytes[at + 1] ?? bytes.length };
  if (type >= 128) return { head: 3, length: ((bytes[at + 1] ?? 0xff) << 8) | (bytes[at + 2] ?? 0xff) };
  const length = FIXED.get(type);
  return length === undefined ? undefined : { head: 1, length };
}

/** @throws RangeError when a fixed element has another length */
export function encodeElements(elements: readonly GtpuElement[]): Uint8Array {
  return Uint8Array.from(
    elements.flatMap(({ type, value }) => {
      if (type === COUNTED) return [type, value.length, ...value];
      if (type >= 128) return [type, value.length >> 8, value.length & 0xff, ...value];
      if (FIXED.get(type) !== value.length) throw new RangeError(`element ${type} of ${value.length} octets`);
      return [type, ...value];
    }),
  );
}
