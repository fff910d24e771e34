import type { CellConfig, Place, RanModelConfig, UeConfig } from './types.ts';

/** What the world is like without anybody's doing: places, radio, traffic, connections; all of them functions of time. */

const SESSION_MS = 60_000;
const BUSY_MS = 10_000;
const CHANGE_MS = 1_000;

/** 0 to 1, without 1, by some whole numbers alone. */
export function noise(...numbers: readonly number[]): number {
  let mixed = 0x9e3779b9;
  for (const number of numbers) {
    mixed = Math.imul(mixed ^ (number % 2 ** 32), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13) ^ Math.floor(number / 2 ** 32), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return (mixed >>> 0) / 2 ** 32;
}

export function placeOf({ path: { from, to, speed } }: UeConfig, atMs: number): Place {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0 || speed === 0) return from;
  const walked = ((atMs / 1_000) * speed) % (2 * length);
  const share = (walked <= length ? walked : 2 * length - walked) / length;
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
}

/** Received power in dBm: -50 close by, and 35 dB less for every tenfold distance. */
export function rsrpDbm(ue: UeConfig, { place }: CellConfig, atMs: number): number {
  const { x, y } = placeOf(ue, atMs);
  const metres = Math.max(20, Math.hypot(x - place.x, y - place.y));
  return -50 - 35 * Math.log10(metres / 20);
}

/** Bits per second and hertz, 0.15 to 7.4, as in the table of CQI indices. @see TS 38.214 clause 5.2.2.1 */
export function efficiency(ue: UeConfig, cell: CellConfig, atMs: number): number {
  const snrDb = rsrpDbm(ue, cell, atMs) + 110;
  return Math.min(7.4, Math.max(0.15, 0.75 * Math.log2(1 + 10 ** (snrDb / 10))));
}

/** 1 to 15. */
export function cqi(ue: UeConfig, cell: CellConfig, atMs: number): number {
  return Math.min(15, Math.max(1, Math.round(efficiency(ue, cell, atMs) * 2)));
}

export function isConnected(
  { seed }: RanModelConfig,
  { ue, connectedShare }: UeConfig,
  atMs: number,
): boolean {
  return share(atMs + noise(seed, ue, 1) * SESSION_MS, SESSION_MS) < connectedShare;
}

/** What the UE wants at a time, in kbit/s. */
export function demandOf(
  { seed }: RanModelConfig,
  { ue, traffic }: UeConfig,
  atMs: number,
): { readonly dl: number; readonly ul: number } {
  if (share(atMs + noise(seed, ue, 2) * BUSY_MS, BUSY_MS) >= traffic.busyShare) return { dl: 0, ul: 0 };
  const second = Math.floor(atMs / CHANGE_MS);
  const factor = (kind: number) => 1 + traffic.variation * (2 * noise(seed, ue, kind, second) - 1);
  return { dl: traffic.dlKbitS * factor(3), ul: traffic.ulKbitS * factor(4) };
}

function share(atMs: number, periodMs: number): number {
  return (((atMs % periodMs) + periodMs) % periodMs) / periodMs;
}
