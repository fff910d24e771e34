import { isIP } from 'node:net';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { type E2Endpoint, readE2Endpoint } from '../../interfaces/e2/endpoint.ts';
import { DEFAULT_UDP_PORT } from '../../interfaces/sctp/connecting.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import type { SctpAssociation, SctpListener, SctpTransport } from '../../interfaces/sctp/types.ts';
import { E2Link, type LinkOptions } from '../e2/link.ts';
import { SCTP_EVENT } from '../e2/message-observation.ts';
import { type Bench, Blocked } from '../procedure.ts';

const POLL_MS = 5;
/** A product that opens more associations than this is not listened to any further: the case has seen enough. */
const MAX_ASSOCIATIONS = 32;

/** Where the tester, as near-RT RIC, waits for the product. */
export interface Door extends AsyncDisposable {
  /** Where the product has to go. */
  readonly host: string;
  readonly port: number;
  readonly udpPort: number | undefined;
  /** Associations of the product, in the order in which they came up. */
  readonly links: readonly E2Link[];
  /** A further port on the same transport. */
  openAlso(port: number): Promise<void>;
  /** The association with that number, counted from 0; null when it did not come in time. */
  arrival(
    index: number,
    limit: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<E2Link | null>;
}

export interface Behaviour extends Pick<LinkOptions, 'handle'> {
  /** Associations that are listened to; default 32. */
  readonly most?: number;
}

/** @throws Blocked when the equipment file does not say enough, or this runner cannot listen in that way */
export async function openDoor(bench: Bench, product: Equipment, behaviour: Behaviour): Promise<Door> {
  const read = readE2Endpoint(product);
  if (!read.ok) throw new Blocked({ code: 'INTERFACE_MISSING', text: `${product.id}: ${read.error.text}` });
  const endpoint = read.value;
  if (endpoint.side !== 'node')
    throw new HarnessError('PLAN_INVALID', `${product.id} is no E2 node: it does not connect to anybody`);
  await using undo = new Teardown();
  const { transport, host, udpPort } = await openFor(bench, endpoint);
  undo.use(transport);
  const links: E2Link[] = [];
  const taking = { bench, product, behaviour, links, from: endpoint.from };
  const listen = async (port: number): Promise<void> => {
    const listener = undo.use(await blockedIfTaken(transport.listen({ port })));
    void takeAll(listener, taking);
  };
  await listen(endpoint.listen.port);
  undo.defer(async () => {
    for (const link of links) await link.close();
  });
  const owner = undo.move();
  return {
    ...{ host, port: endpoint.listen.port, udpPort, links },
    openAlso: async (port) => {
      const listener = owner.use(await blockedIfTaken(transport.listen({ port })));
      void takeAll(listener, taking);
    },
    async arrival(index, { withinMs, signal }) {
      for (const end = performance.now() + withinMs; ;) {
        const link = links[index];
        if (link !== undefined) return link;
        if (performance.now() >= end) return null;
        await pause(POLL_MS, { signal });
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const link of links) await link.close();
      await owner[Symbol.asyncDispose]();
    },
  };
}

export interface Opened {
  readonly transport: SctpTransport;
  readonly host: string;
  readonly udpPort: number | undefined;
}

export async function openFor(bench: Bench, { transport: wanted, open }: E2Endpoint): Promise<Opened> {
  try {
    const choice = chooseTransport(wanted, readTransportFacts());
    const isInUdp = choice.name === 'sctp:ts-udp' || choice.name === 'sctp:usrsctp';
    const isRaw = choice.name.endsWith('-raw');
    const host = open.host ?? (isRaw ? '127.0.0.1' : '0.0.0.0');
    const udpPort = isInUdp ? (open.udpPort ?? DEFAULT_UDP_PORT) : undefined;
    const transport = await openSctp(choice, { host, ...(udpPort === undefined ? {} : { udpPort }) });
    bench.transport('e2', transport.name);
    return { transport, host: open.host ?? '127.0.0.1', udpPort };
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'SCTP_TRANSPORT_UNUSABLE')
      throw new Blocked({ code: error.code, text: error.message }, 'notSupportedByTestbed');
    return rethrowTaken(error);
  }
}

async function blockedIfTaken(listening: Promise<SctpListener>): Promise<SctpListener> {
  return listening.catch(rethrowTaken);
}

function rethrowTaken(error: unknown): never {
  if (error instanceof HarnessError && error.code === 'SCTP_PORT_TAKEN')
    throw new Blocked({ code: error.code, text: error.message });
  throw error;
}

interface Taking {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly behaviour: Behaviour;
  readonly links: E2Link[];
  readonly from: string | undefined;
}

/** Takes what comes from the product; whoever else comes is sent away. */
async function takeAll(listener: SctpListener, taking: Taking): Promise<void> {
  const { bench, product, behaviour, links, from } = taking;
  const { most = MAX_ASSOCIATIONS, handle } = behaviour;
  for await (const association of listener.associations) {
    if (links.length >= most || isStranger(association, from)) {
      association.abort('not expected here');
      continue;
    }
    // It took part in the handshake: something of ours has reached it.
    bench.stimulated();
    const name = `association-${links.length + 1}`;
    const { host, port } = association.peer;
    bench.observe('arrival', SCTP_EVENT, {
      association: name,
      type: 'arrived',
      port: listener.port,
      from: { host, port },
    });
    const parties = { association: name, tester: 'near-rt-ric', product: product.role };
    links.push(
      new E2Link({ bench, association, parties, step: 'setup', ...(handle === undefined ? {} : { handle }) }),
    );
  }
}

export function isStranger({ peer }: SctpAssociation, from: string | undefined): boolean {
  return from !== undefined && isIP(from) !== 0 && peer.host !== from;
}
