import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { defective } from '../ap/defects.ts';
import type { RunningSimulator } from '../simulator.ts';
import { ProtectedSegment, type SegmentAccess } from './protected-segment.ts';

/** What a simulator says of its segment when it is ready. */
export interface SegmentReady {
  /** Of UDP, where its peers find it; of one that connects, only it goes there. */
  readonly segmentPort?: number;
  readonly segment?: SegmentAccess;
}

export interface SegmentWanted {
  readonly transport: SctpTransport;
  readonly defects: readonly string[];
  readonly host: string;
  /** Where it listens; absent of one that connects. */
  readonly udpPort?: number;
}

/** The segment between a simulator and its peers; null where SCTP does not travel in UDP of IPv4: there are no gateways for that. */
export async function openSegment({
  transport,
  defects,
  host,
  udpPort,
}: SegmentWanted): Promise<ProtectedSegment | null> {
  if (!IN_UDP.has(transport.name) || host.includes(':')) return null;
  const server = udpPort === undefined ? null : { host, port: udpPort };
  return ProtectedSegment.open(host, { has: defective(defects), server });
}

const IN_UDP: ReadonlySet<string> = new Set(['sctp:ts-udp', 'sctp:usrsctp']);

export async function segmentReady(segment: ProtectedSegment | null): Promise<SegmentReady> {
  return segment === null ? {} : { segmentPort: segment.port, segment: await segment.offer() };
}

/** What a simulator claims that is behind a gateway wherever that can be. */
export const PROTECTED = { 'transport.protected': true } as const;

/** What an equipment file says of a product that is behind a gateway, or is not. */
export function behindGateway(
  { segment }: Readonly<Record<string, Json>>,
  interfaces: readonly string[],
): Required<Pick<RunningSimulator, 'ics' | 'ixit'>> {
  if (!isJsonObject(segment)) return { ics: { 'transport.protected': false }, ixit: {} };
  const taps = Object.fromEntries(interfaces.map((name) => [name, segment]));
  return { ics: PROTECTED, ixit: { 'transport.taps': taps } };
}

/** The port of UDP where peers find a simulator that listens. */
export function publicUdpPort(udpPort: number, { segmentPort }: Readonly<Record<string, Json>>): number {
  return typeof segmentPort === 'number' ? segmentPort : udpPort;
}
