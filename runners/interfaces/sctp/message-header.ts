import koffi from 'koffi';

const HEADER_BYTES = 56;
const CONTROL_LENGTH_AT = 40;
const FLAGS_AT = 48;

/** `struct msghdr` with one `iovec` and room for control data, used again and again. Layout of 64-bit Linux. */
export class MessageHeader {
  readonly bytes: Buffer = Buffer.alloc(HEADER_BYTES);
  readonly control: Buffer;
  readonly data: Buffer | undefined;
  readonly #vector = Buffer.alloc(16);

  /** @param dataBytes of a buffer of its own; 0 when the data lies elsewhere each time */
  constructor(dataBytes: number, controlBytes: number) {
    this.control = Buffer.alloc(controlBytes);
    this.bytes.writeBigUInt64LE(addressOf(this.#vector), 16);
    this.bytes.writeBigUInt64LE(1n, 24);
    this.bytes.writeBigUInt64LE(addressOf(this.control), 32);
    this.bytes.writeBigUInt64LE(BigInt(controlBytes), CONTROL_LENGTH_AT);
    this.data = dataBytes === 0 ? undefined : Buffer.alloc(dataBytes);
    if (this.data !== undefined) this.point(this.data);
  }

  /** @param data has to stay where it is during the call */
  point(data: Uint8Array): void {
    this.#vector.writeBigUInt64LE(addressOf(data), 0);
    this.#vector.writeBigUInt64LE(BigInt(data.length), 8);
  }

  /** The kernel writes how much control data there is; before each call it has to say how much there may be. */
  makeRoom(): void {
    this.bytes.writeBigUInt64LE(BigInt(this.control.length), CONTROL_LENGTH_AT);
  }

  get controlLength(): number {
    return this.bytes.readUInt32LE(CONTROL_LENGTH_AT);
  }

  get flags(): number {
    return this.bytes.readUInt32LE(FLAGS_AT);
  }
}

function addressOf(bytes: Uint8Array): bigint {
  return koffi.address(bytes);
}
