import { isIP } from 'node:net';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import type { SctpAssociation, SctpListener } from '../../interfaces/sctp/types.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';
import type { Bench } from '../procedure.ts';
import { sctpEndPoint } from '../sctp-end-point.ts';
import { listenOn, openAwaiting } from '../sctp-transport.ts';
import type { ApInterface } from './ap-interface.ts';
import { ApLink, type ApLinkOptions } from './link.ts';
import { SCTP_EVENT } from './message-observation.ts';

const POLL_MS = 5;
/** A product that opens more associations than this is not listened to any further: the case has seen enough. */
const MAX_ASSOCIATIONS = 32;

/** Where the tester waits for the product. */
export interface ApDoor<S extends ApShape> extends AsyncDisposable {
  /** Where the product has to go. */
  readonly host: string;
  readonly port: number;
  readonly udpPort: number | undefined;
  /** Associations of the product, in the order in which they came up. */
  readonly links: readonly ApLink<S>[];
  /** A further port on the same transport. */
  openAlso(port: number): Promise<void>;
  /** The association with that number, counted from 0; null when it did not come in time. */
  arrival(
    index: number,
    limit: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<ApLink<S> | null>;
}

export interface DoorBehaviour<S extends ApShape> extends Pick<ApLinkOptions<S>, 'handle'> {
  /** What the tester plays, such as `near-rt-ric`. */
  readonly tester: string;
  /** Associations that are listened to; default 32. */
  readonly most?: number;
}

/** @throws Blocked when the equipment file does not say enough, or this runner cannot listen in that way */
export async function openApDoor<S extends ApShape>(
  spoken: ApInterface<S>,
  { bench, product }: { readonly bench: Bench; readonly product: Equipment },
  behaviour: DoorBehaviour<S>,
): Promise<ApDoor<S>> {
  const endPoint = sctpEndPoint(product, spoken.name);
  const { port: usual = spoken.usualPort } = endPoint.tester;
  await using undo = new Teardown();
  const { transport, host, udpPort } = await openAwaiting(bench, endPoint);
  undo.use(transport);
  const links: ApLink<S>[] = [];
  const taking = { spoken, bench, product, behaviour, links, from: endPoint.host };
  const listen = async (port: number): Promise<void> => {
    const listener = undo.use(await listenOn(transport, port));
    void takeAll(listener, taking);
  };
  await listen(usual);
  undo.defer(async () => {
    for (const link of links) await link.close();
  });
  const owner = undo.move();
  return {
    ...{ host, port: usual, udpPort, links },
    openAlso: async (port) => {
      const listener = owner.use(await listenOn(transport, port));
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

interface Taking<S extends ApShape> {
  readonly spoken: ApInterface<S>;
  readonly bench: Bench;
  readonly product: Equipment;
  readonly behaviour: DoorBehaviour<S>;
  readonly links: ApLink<S>[];
  readonly from: string | undefined;
}

/** Takes what comes from the product; whoever else comes is sent away. */
async function takeAll<S extends ApShape>(listener: SctpListener, taking: Taking<S>): Promise<void> {
  const { spoken, bench, product, behaviour, links, from } = taking;
  const { most = MAX_ASSOCIATIONS, tester, handle } = behaviour;
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
    const parties = { association: name, tester, product: product.role };
    links.push(
      new ApLink(spoken, {
        ...{ bench, association, parties, step: 'setup' },
        ...(handle === undefined ? {} : { handle }),
      }),
    );
  }
}

export function isStranger({ peer }: SctpAssociation, from: string | undefined): boolean {
  return from !== undefined && isIP(from) !== 0 && peer.host !== from;
}
