import type { Equipment } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { MESSAGE } from '../../../src/evidence/message-log.ts';
import { decodePdu } from '../../interfaces/e2/codec.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import { E2_PORT } from '../../interfaces/e2/port.ts';
import { Transactions, wantsAnswer } from '../../interfaces/ap/transactions.ts';
import { PROTOCOL } from '../../interfaces/e2/codec.ts';
import type { SctpAssociation, SctpMessage } from '../../interfaces/sctp/types.ts';
import { mustConnect } from '../ap/connect.ts';
import { MESSAGE_PART, messageObservations, type Parties, SCTP_EVENT } from '../ap/message-observation.ts';
import { isStranger } from '../ap/door.ts';
import { E2 } from '../ap/interfaces/e2.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { dialledEndPoint, sctpEndPoint } from '../sctp-end-point.ts';
import { listenOn, openAwaiting, openTowards } from '../sctp-transport.ts';

/** More associations of one E2 node are not passed on: the case has seen enough. */
const MAX_ASSOCIATIONS = 32;

/** Stands between a near-RT RIC and an E2 node, and passes on every message as it is: octets, stream, payload protocol identifier. */
export interface Relay extends AsyncDisposable {
  /** Where the E2 node has to go. */
  readonly host: string;
  readonly port: number;
  readonly udpPort: number | undefined;
  /** What is seen from now on belongs to that step. */
  enter(step: string): void;
  /** How many messages have gone by. */
  readonly count: number;
}

export interface RelayNeeds {
  readonly bench: Bench;
  readonly ric: Equipment;
  readonly node: Equipment;
  readonly signal: AbortSignal;
}

/** @throws Blocked when the equipment files do not say enough, or the near-RT RIC is not there */
export async function openRelay({ bench, ric, node, signal }: RelayNeeds): Promise<Relay> {
  await using undo = new Teardown();
  const [coming, towards] = [
    sctpEndPoint(node, 'e2'),
    dialledEndPoint(ric, { interface: 'e2', usualPort: E2_PORT }),
  ];
  const far = undo.use(await openTowards(bench, towards));
  const { transport: near, host, udpPort } = await openAwaiting(bench, coming);
  undo.use(near);
  const { port = E2_PORT } = coming.tester;
  const listener = undo.use(await listenOn(near, port));
  const watch = new Watch(bench, node);
  const connect = (association: string) =>
    mustConnect(
      {
        bench,
        transport: far,
        endPoint: towards,
        association,
        step: 'relay',
        withinMs: bench.number('answerWithinMs'),
      },
      { signal },
    );
  const joining = (async (): Promise<void> => {
    for await (const association of listener.associations) {
      if (watch.associations >= MAX_ASSOCIATIONS || isStranger(association, coming.host)) {
        association.abort('not expected here');
        continue;
      }
      void join(association, { watch, connect });
    }
  })();
  joining.catch(() => {});
  const owner = undo.move();
  return {
    ...{ host, port, udpPort },
    enter: (step) => (watch.step = step),
    get count() {
      return watch.count;
    },
    [Symbol.asyncDispose]: async () => {
      watch.isOver = true;
      await owner[Symbol.asyncDispose]();
    },
  };
}

interface Joining {
  readonly watch: Watch;
  readonly connect: (association: string) => Promise<SctpAssociation>;
}

/** One association of the E2 node and one of ours with the near-RT RIC; when one ends, so does the other. */
async function join(node: SctpAssociation, { watch, connect }: Joining): Promise<void> {
  const tap = watch.arrived(node);
  let ric: SctpAssociation;
  try {
    ric = await connect(tap.association);
  } catch (error) {
    node.abort('the near-RT RIC is not there');
    if (error instanceof Blocked) watch.told(tap.association, 'ricUnreachable');
    else if (!watch.isOver) throw error;
    return;
  }
  const pump = async (from: SctpAssociation, to: SctpAssociation, direction: PduEntry['direction']) => {
    for await (const message of from.messages) {
      tap.saw(message, direction);
      const { bytes, ppid, stream, unordered } = message;
      await to.send(bytes, { ppid, stream, unordered });
    }
    watch.told(tap.association, direction === 'sent' ? 'ricEnded' : 'nodeEnded');
    await to.close();
  };
  await Promise.all([pump(node, ric, 'received'), pump(ric, node, 'sent')]).catch((error: unknown) => {
    if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
  });
}

/** Observes what goes by; to the E2 node, the tester is the near-RT RIC: what that says counts as sent. */
class Watch {
  step = 'setup';
  isOver = false;
  count = 0;
  associations = 0;
  readonly #bench: Bench;
  readonly #node: Equipment;

  constructor(bench: Bench, node: Equipment) {
    this.#bench = bench;
    this.#node = node;
  }

  arrived({ peer }: SctpAssociation) {
    this.associations += 1;
    const association = `association-${this.associations}`;
    this.#bench.stimulated();
    this.told(association, 'arrived', { host: peer.host, port: peer.port });
    const parties: Parties = { association, tester: 'near-rt-ric', product: this.#node.role };
    const asked = { sent: new Transactions(PROTOCOL), received: new Transactions(PROTOCOL) };
    let n = 0;
    return {
      association,
      saw: (message: SctpMessage, direction: PduEntry['direction']): void => {
        const entry = entryOf(message, { n, direction, asked });
        n += 1;
        this.#saw(entry, parties);
      },
    };
  }

  told(
    association: string,
    type: string,
    from: { readonly host: string; readonly port: number } | null = null,
  ): void {
    if (!this.isOver) this.#bench.observe(this.step, SCTP_EVENT, { association, type, from });
  }

  #saw(entry: PduEntry, parties: Parties): void {
    if (this.isOver) return;
    this.count += 1;
    const { message, parts } = messageObservations(entry, parties, E2);
    for (const part of parts) this.#bench.observe(this.step, MESSAGE_PART, part);
    this.#bench.observe(this.step, MESSAGE, message);
  }
}

interface Passing {
  readonly n: number;
  readonly direction: PduEntry['direction'];
  readonly asked: Readonly<Record<PduEntry['direction'], Transactions>>;
}

/** What one side asked, the other answers. */
function entryOf({ bytes, ppid, stream }: SctpMessage, { n, direction, asked }: Passing): PduEntry {
  const decoded = decodePdu(bytes);
  const { message } = decoded;
  const other = direction === 'sent' ? 'received' : 'sent';
  if (message !== null && wantsAnswer(message, PROTOCOL.rules)) asked[direction].open(message, n);
  const related = message === null ? null : asked[other].relate(message);
  return {
    ...{ n, atMs: performance.now(), direction, ppid, stream, bytes, decoded, comprehension: null },
    relation: related?.relation ?? 'unknown',
    answers: related?.request?.entry ?? null,
  };
}
