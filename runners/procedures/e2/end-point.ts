import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { chooseTransport, type TransportChoice, type TransportFacts } from '../../interfaces/sctp/choose.ts';
import { DEFAULT_UDP_PORT } from '../../interfaces/sctp/connecting.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import type { SctpSettings } from '../../interfaces/sctp/settings.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { type Bench, Blocked } from '../procedure.ts';

/** E2AP has no port of its own at IANA; this one is in wide use. */
export const USUAL_E2_PORT = 36_421;

/** The E2 end point of a product, as its equipment file has it. */
export interface E2EndPoint {
  /** Address or name of the product. */
  readonly host: string;
  /** SCTP port: of a near-RT RIC, where it listens; of an E2 node, where it looks for its near-RT RIC. */
  readonly port: number;
  /** As in the equipment file: `auto`, `kernel`, `ts-udp` …; absent is `auto`. */
  readonly transport?: string;
  /** Where SCTP travels in UDP: port of the tester (absent: a free one) and of the product. */
  readonly udp: { readonly local?: number; readonly remote: number } | null;
  /** Address of the tester; absent: any, and on raw IP the one from which the product is reached. */
  readonly localHost?: string;
}

/** @throws Blocked when the equipment file does not say where the product is */
export function e2EndPoint({ id, interfaces }: Pick<Equipment, 'id' | 'interfaces'>): E2EndPoint {
  const endpoint = interfaces['e2']?.endpoint;
  const { host, port = USUAL_E2_PORT, transport, udpEncapsulation, tester } = endpoint ?? {};
  if (host === undefined)
    throw new Blocked(
      {
        code: 'INTERFACE_MISSING',
        text: `${id}: interfaces.e2.endpoint of the equipment file names no host`,
      },
      'notSupportedByTestbed',
    );
  return {
    host,
    port,
    ...(transport === undefined ? {} : { transport }),
    udp: isJsonObject(udpEncapsulation) ? udpPorts(udpEncapsulation) : null,
    ...(tester?.host === undefined ? {} : { localHost: tester.host }),
  };
}

function udpPorts({ local, remote }: { readonly [name: string]: unknown }): E2EndPoint['udp'] {
  return {
    ...(typeof local === 'number' ? { local } : {}),
    remote: typeof remote === 'number' ? remote : DEFAULT_UDP_PORT,
  };
}

/** Ports of UDP mean that SCTP travels in it: then `auto` is no plain SCTP. */
export function transportFor(
  { transport = 'auto', udp }: Pick<E2EndPoint, 'transport' | 'udp'>,
  facts: TransportFacts,
): TransportChoice {
  if (transport !== 'auto' || udp === null) return chooseTransport(transport, facts);
  const { name } = chooseTransport(facts.usrsctp === undefined ? 'ts-udp' : 'usrsctp', facts);
  return { name, why: 'the equipment file names ports of UDP' };
}

export interface TransportNeeds {
  readonly endPoint: E2EndPoint;
  readonly settings?: Partial<SctpSettings>;
  /** Whether the product finds us: then our UDP port may not be any. Default false. */
  readonly awaited?: boolean;
}

/**
 * Opens what carries SCTP to the product, and says so in the record.
 * @throws Blocked when this runner cannot carry it that way
 */
export async function openE2Transport(bench: Bench, needs: TransportNeeds): Promise<SctpTransport> {
  const { endPoint, settings = {}, awaited = false } = needs;
  const { host, udp, localHost } = endPoint;
  try {
    const choice = transportFor(endPoint, readTransportFacts());
    const isRaw = choice.name.endsWith('-raw');
    const own = localHost ?? (isRaw ? await addressTowards(host) : anyAddress(host));
    const udpPort = udp?.local ?? (awaited ? DEFAULT_UDP_PORT : 0);
    const transport = await openSctp(choice, { host: own, udpPort, settings });
    bench.transport('e2', transport.name);
    return transport;
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
