import { HarnessError } from '../kernel/errors.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { FieldProblem, messageInvalid } from './fields.ts';

/** One message of the wire. Protobuf types stay behind it. */
export interface Codec<T> {
  readonly name: string;
  render(value: T): Uint8Array;
  /** Throws `MESSAGE_INVALID` naming the field. */
  parse(bytes: Uint8Array): T;
}

/** What `protobufjs` generates for a message, as far as a codec uses it. */
interface WireMessage<W> {
  encode(message: W): { finish(): Uint8Array };
  decode(bytes: Uint8Array): W;
}

export interface CodecSpec<T, W> {
  readonly name: string;
  /** Larger messages are refused before they are decoded. */
  readonly maxBytes: number;
  readonly wire: WireMessage<W>;
  readonly toWire: (value: T) => W;
  readonly fromWire: (wire: W) => T;
}

export function makeCodec<T, W>({ name, maxBytes, wire, toWire, fromWire }: CodecSpec<T, W>): Codec<T> {
  return {
    name,
    render: (value) => wire.encode(toWire(value)).finish(),
    parse: (bytes) => {
      try {
        if (bytes.length > maxBytes) throw new FieldProblem('size', `is over ${maxBytes} bytes`);
        return fromWire(wire.decode(bytes));
      } catch (error) {
        throw messageInvalid(name, error);
      }
    },
  };
}

/** A message as it comes out of gRPC: read, or the reason why it could not be; and how large it was. */
export type Received<T> = Result<T, HarnessError> & { readonly sizeBytes: number };

/** Never throws, so that a malformed message is answered by our code and not by the transport. */
export function receive<T>(codec: Codec<T>, bytes: Uint8Array): Received<T> {
  try {
    return { ...ok(codec.parse(bytes)), sizeBytes: bytes.length };
  } catch (error) {
    return { ...err(HarnessError.from(error, 'MESSAGE_INVALID')), sizeBytes: bytes.length };
  }
}
