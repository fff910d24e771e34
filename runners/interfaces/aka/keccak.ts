const LANES = 25;
const ROUNDS = 24;
const MASK = (1n << 64n) - 1n;

/** The 24 round constants, from the shift register that defines them. @see FIPS 202 clause 3.2.5 */
const ROUND_CONSTANTS = makeRoundConstants();
/** For the lane at (x, y): how far it is turned. @see FIPS 202 clause 3.2.2 */
const ROTATIONS = makeRotations();

/** Keccak-f[1600] on 200 octets, in place. @see FIPS 202 clause 3.3; TS 35.231 annex C */
export function keccakF1600(state: Uint8Array): void {
  const view = new DataView(state.buffer, state.byteOffset, 200);
  let lanes = Array.from({ length: LANES }, (_, index) => view.getBigUint64(index * 8, true));
  for (let round = 0; round < ROUNDS; round += 1) lanes = permuteOnce(lanes, ROUND_CONSTANTS[round] ?? 0n);
  lanes.forEach((lane, index) => {
    view.setBigUint64(index * 8, lane, true);
  });
}

function permuteOnce(lanes: readonly bigint[], constant: bigint): bigint[] {
  const at = (x: number, y: number): bigint => lanes[(x % 5) + 5 * (y % 5)] ?? 0n;
  const columns = [0, 1, 2, 3, 4].map((x) => at(x, 0) ^ at(x, 1) ^ at(x, 2) ^ at(x, 3) ^ at(x, 4));
  const column = (x: number): bigint => columns[x % 5] ?? 0n;
  const moved = new Array<bigint>(LANES).fill(0n);
  for (let index = 0; index < LANES; index += 1) {
    const [x, y] = [index % 5, Math.floor(index / 5)];
    const mixed = at(x, y) ^ column(x + 4) ^ turn(column(x + 1), 1);
    moved[y + 5 * ((2 * x + 3 * y) % 5)] = turn(mixed, ROTATIONS[index] ?? 0);
  }
  const lane = (x: number, y: number): bigint => moved[(x % 5) + 5 * y] ?? 0n;
  const next = moved.map((_, index) => {
    const [x, y] = [index % 5, Math.floor(index / 5)];
    return lane(x, y) ^ (~lane(x + 1, y) & MASK & lane(x + 2, y));
  });
  next[0] = (next[0] ?? 0n) ^ constant;
  return next;
}

function turn(lane: bigint, by: number): bigint {
  const bits = BigInt(by);
  return by === 0 ? lane : ((lane << bits) | (lane >> (64n - bits))) & MASK;
}

function makeRoundConstants(): readonly bigint[] {
  let register = 1;
  const nextBit = (): bigint => {
    const bit = BigInt(register & 1);
    register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    return bit;
  };
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let power = 0; power <= 6; power += 1) constant |= nextBit() << BigInt(2 ** power - 1);
    return constant;
  });
}

function makeRotations(): readonly number[] {
  const rotations = new Array<number>(LANES).fill(0);
  let [x, y] = [1, 0];
  for (let step = 0; step < 24; step += 1) {
    rotations[x + 5 * y] = (((step + 1) * (step + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return rotations;
}
