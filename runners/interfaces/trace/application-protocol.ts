import type { Fault } from '../per/error.ts';
import { renderTree, type TreeNode } from '../per/render.ts';
import type { Schema, SchemaType } from '../per/schema.ts';
import type { DecodedPdu } from '../ap/codec.ts';
import type { SkimmedMessage } from '../ap/skim.ts';
import { ContentReader } from './content.ts';
import type { Protocol, ReadMessage } from './protocol.ts';

/** A protocol of the RAN whose messages can be read each by itself. */
export interface ApplicationProtocol {
  readonly name: string;
  readonly ppid: number;
  readonly port: number;
  readonly schema: Schema;
  readonly codec: {
    readonly pduType: SchemaType;
    readonly decodePdu: (bytes: Uint8Array) => DecodedPdu;
    readonly skimPdu: (bytes: Uint8Array) => SkimmedMessage | undefined;
  };
  /** What stands in octets; `at` are the names and labels on the way, `said` gets what is wrong. */
  readonly contents?: (at: readonly string[], octets: Uint8Array, said: string[]) => TreeNode | null;
}

export function applicationProtocol(protocol: ApplicationProtocol): Protocol {
  const { name, ppid, port, schema, codec, contents = () => null } = protocol;
  const read = (bytes: Uint8Array): ReadMessage => {
    const decoded = codec.decodePdu(bytes);
    const { faults, ...head } = headOf(decoded);
    const said = [...faults];
    const inside = (at: readonly string[], octets: Uint8Array): TreeNode | null => contents(at, octets, said);
    const described = { schema, type: codec.pduType };
    const tree = decoded.pdu === null ? null : renderTree(described, decoded.pdu, { contents: inside });
    return { ...head, faults: said, tree };
  };
  const { look } = new ContentReader(codec);
  return { name, ppids: [ppid], ports: [port], look, open: () => ({ read }) };
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
