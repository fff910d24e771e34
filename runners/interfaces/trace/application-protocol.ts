import { type Fault } from '../per/error.ts';
import { renderTree } from '../per/render.ts';
import type { Schema, SchemaType } from '../per/schema.ts';
import type { DecodedPdu } from '../ap/codec.ts';
import type { Protocol, ReadMessage } from './protocol.ts';

/** A protocol of the RAN whose messages can be read each by itself. */
export interface ApplicationProtocol {
  readonly name: string;
  readonly ppid: number;
  readonly port: number;
  readonly schema: Schema;
  readonly codec: { readonly pduType: SchemaType; readonly decodePdu: (bytes: Uint8Array) => DecodedPdu };
}

export function applicationProtocol({ name, ppid, port, schema, codec }: ApplicationProtocol): Protocol {
  const read = (bytes: Uint8Array): ReadMessage => {
    const decoded = codec.decodePdu(bytes);
    const tree = decoded.pdu === null ? null : renderTree({ schema, type: codec.pduType }, decoded.pdu);
    return { ...headOf(decoded), tree };
  };
  return { name, ppids: [ppid], ports: [port], open: () => ({ read }) };
}

/** What a list of messages shows of one. */
export function headOf({ message, envelope, faults }: DecodedPdu): Omit<ReadMessage, 'tree'> {
  return {
    name: message?.name ?? (envelope === null ? '' : `procedure ${envelope.code}`),
    ...(envelope === null ? {} : { kind: envelope.kind }),
    faults: faults.map(faultText),
  };
}

export function faultText({ path, message }: Fault): string {
  return path === '' ? message : `${path}: ${message}`;
}
