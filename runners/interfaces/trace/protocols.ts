import { E2AP } from './e2ap.ts';
import { E1AP } from './e1ap.ts';
import { F1AP } from './f1ap.ts';
import { NGAP } from './ngap.ts';
import type { Protocol } from './protocol.ts';
import { XNAP } from './xnap.ts';

/** Every protocol that is read. A new one is an entry here. */
export const PROTOCOLS: readonly Protocol[] = [E2AP, NGAP, F1AP, E1AP, XNAP];

/** What IANA calls identifiers of protocols of the RAN that are not read: a trace names them nevertheless. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [18, 'S1AP'],
  [27, 'X2AP'],
]);

/** Where a message was seen. */
export interface Carried {
  readonly ppid?: number;
  /** Of SCTP, at both ends. */
  readonly ports: readonly number[];
}

/** The protocol of a message: by its identifier, and by the ports where that says nothing. */
export function protocolOf({ ppid = 0, ports }: Carried): Protocol | undefined {
  const said = PROTOCOLS.find(({ ppids }) => ppids.includes(ppid));
  if (said !== undefined || NAMES.has(ppid)) return said;
  return PROTOCOLS.find((protocol) => ports.some((port) => protocol.ports.includes(port)));
}

export function protocolCalled(name: string): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.name.toLowerCase() === name.toLowerCase());
}

/** The name of a protocol that is not read; empty where the identifier says none. */
export function nameOfPpid(ppid: number): string {
  return NAMES.get(ppid) ?? '';
}
