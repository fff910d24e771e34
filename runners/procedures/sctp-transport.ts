import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { HarnessError } from '../../src/kernel/errors.ts';
import { chooseTransport, type TransportChoice, type TransportFacts } from '../interfaces/sctp/choose.ts';
import { DEFAULT_UDP_PORT } from '../interfaces/sctp/connecting.ts';
import { openSctp } from '../interfaces/sctp/open-sctp.ts';
import type { SctpSettings } from '../interfaces/sctp/settings.ts';
import { readTransportFacts } from '../interfaces/sctp/transport-facts.ts';
import type { SctpListener, SctpTransport } from '../interfaces/sctp/types.ts';
import { type Bench, Blocked } from './procedure.ts';
import type { DialledEndPoint, SctpEndPoint } from './sctp-end-point.ts';

/** Ports of UDP mean that SCTP travels in it: then `auto` is no plain SCTP. */
export function transportFor(
  { transport = 'auto', udp }: Pick<SctpEndPoint, 'transport' | 'udp'>,
  facts: TransportFacts,
): TransportChoice {
  if (transport !== 'auto' || udp === null) return chooseTransport(transport, facts);
  const { name } = chooseTransport(facts.usrsctp === undefined ? 'ts-udp' : 'usrsctp', facts);
  return { name, why: 'the equipment file names ports of UDP' };
}

/**
 * Opens what carries SCTP to the product, and says so in the record.
 * @throws Blocked when this runner cannot carry it that way
 */
export async function openTowards(
  bench: Bench,
  endPoint: DialledEndPoint,
  settings: Partial<SctpSettings> = {},
): Promise<SctpTransport> {
  const { host, udp, tester } = endPoint;
  const choice = transportFor(endPoint, readTransportFacts());
  return blockedUnlessUsable(async () => {
    const own = tester.host ?? (isRaw(choice) ? await addressTowards(host) : anyAddress(host));
    const transport = await openSctp(choice, { host: own, udpPort: udp?.local ?? 0, settings });
    bench.transport(endPoint.interface, transport.name);
    return transport;
  });
}

export interface AwaitingTransport {
  readonly transport: SctpTransport;
  /** Where the product has to go. */
  readonly host: string;
  readonly udpPort: number | undefined;
}

/**
 * Opens what carries SCTP from a product that connects to the tester, and says so in the record.
 * @throws Blocked when this runner cannot carry it that way
 */
export async function openAwaiting(bench: Bench, endPoint: SctpEndPoint): Promise<AwaitingTransport> {
  const { host: from, udp, tester } = endPoint;
  const choice = transportFor(endPoint, readTransportFacts());
  const isInUdp = choice.name === 'sctp:ts-udp' || choice.name === 'sctp:usrsctp';
  const udpPort = isInUdp ? (udp?.local ?? DEFAULT_UDP_PORT) : undefined;
  return blockedUnlessUsable(async () => {
    const host = tester.host ?? (from === undefined ? LOOPBACK : await addressTowards(from));
    const own = tester.host ?? (isRaw(choice) ? host : anyAddress(from ?? LOOPBACK));
    const transport = await openSctp(choice, { host: own, ...(udpPort === undefined ? {} : { udpPort }) });
    bench.transport(endPoint.interface, transport.name);
    return { transport, host, udpPort };
  });
}

/** @throws Blocked when somebody else listens there */
export async function listenOn(transport: SctpTransport, port: number): Promise<SctpListener> {
  return blockedUnlessUsable(() => transport.listen({ port }));
}

const LOOPBACK = '127.0.0.1';

function isRaw({ name }: TransportChoice): boolean {
  return name.endsWith('-raw');
}

async function blockedUnlessUsable<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const { code, message: text } = error;
    if (code === 'SCTP_TRANSPORT_UNUSABLE') throw new Blocked({ code, text }, 'notSupportedByTestbed');
    throw code === 'SCTP_PORT_TAKEN' || code === 'SCTP_UNREACHABLE' ? new Blocked({ code, text }) : error;
  }
}

function anyAddress(host: string): string {
  return isIPv6(host) ? '::' : '0.0.0.0';
}

/** The address of ours from which packets to that host go out. Nothing is sent. */
async function addressTowards(host: string): Promise<string> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    const connected = once(socket, 'connect');
    socket.connect(DEFAULT_UDP_PORT, host);
    await connected;
    return socket.address().address;
  } catch (cause) {
    throw new HarnessError('SCTP_UNREACHABLE', `there is no way to ${host}`, { cause });
  } finally {
    socket.close();
  }
}
