import type { Equipment } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { MESSAGE } from '../../../src/evidence/message-log.ts';
import type { PduEntry } from '../../interfaces/ap/journal.ts';
import type { ApMessage, ApShape } from '../../interfaces/ap/types.ts';
import { Transactions, wantsAnswer } from '../../interfaces/ap/transactions.ts';
import type { SctpAssociation, SctpMessage } from '../../interfaces/sctp/types.ts';
import { mustConnect } from '../ap/connect.ts';
import { MESSAGE_PART, messageObservations, type Parties, SCTP_EVENT } from '../ap/message-observation.ts';
import { isStranger } from '../ap/door.ts';
import type { ApInterface } from '../ap/ap-interface.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { dialledEndPoint, sctpEndPoint } from '../sctp-end-point.ts';
import { listenOn, openAwaiting, openTowards } from '../sctp-transport.ts';

/** More associations of one caller are not passed on: the case has seen enough. */
const MAX_ASSOCIATIONS = 32;

/** Stands between two products, and passes on every message as it is: octets, stream, payload protocol identifier. */
export interface Relay extends AsyncDisposable {
  /** Where the caller has to go. */
  readonly host: string;
  readonly port: number;
  readonly udpPort: number | undefined;
  /** What is seen from now on belongs to that step. */
  enter(step: string): void;
  /** How many messages have gone by. */
  readonly count: number;
  /** Whether a message of that name, as it should be, has gone by in this step. */
  has(name: string): boolean;
}

export interface RelayNeeds {
  readonly bench: Bench;
  /** Who listens, and who connects. */
  readonly listener: Equipment;
  readonly caller: Equipment;
  readonly signal: AbortSignal;
  /** Hears the name of each message that goes by; null of one that cannot be read. */
  readonly heard?: (name: string | null) => void;
}

/** @throws Blocked when the equipment files do not say enough */
export async function openRelay<S extends ApShape>(
  spoken: ApInterface<S>,
  { bench, listener: called, caller, signal, heard }: RelayNeeds,
): Promise<Relay> {
  await using undo = new Teardown();
  const [coming, towards] = [
    sctpEndPoint(caller, spoken.name),
    dialledEndPoint(called, { interface: spoken.name, usualPort: spoken.usualPort }),
  ];
  const far = undo.use(await openTowards(bench, towards));
  const { transport: near, host, udpPort } = await openAwaiting(bench, coming);
  undo.use(near);
  const { port = spoken.usualPort } = coming.tester;
  const listener = undo.use(await listenOn(near, port));
  const watch = new Watch(spoken, { bench, roles: rolesOf(called, caller), heard });
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
  return seenThrough(watch, { where: { host, port, udpPort }, owner: undo.move() });
}

function seenThrough(
  watch: Pick<Watch<ApShape>, 'enter' | 'names' | 'count' | 'isOver'>,
  {
    where,
    owner,
  }: { readonly where: Pick<Relay, 'host' | 'port' | 'udpPort'>; readonly owner: AsyncDisposable },
): Relay {
  return {
    ...where,
    enter: (step) => watch.enter(step),
    has: (name) => watch.names.has(name),
    get count() {
      return watch.count;
    },
    [Symbol.asyncDispose]: async () => {
      watch.isOver = true;
      await owner[Symbol.asyncDispose]();
    },
  };
}

/** What a trace calls the two: by their roles, where these differ. */
function rolesOf(listener: Equipment, caller: Equipment): Roles {
  if (listener.role !== caller.role) return { listener: listener.role, caller: caller.role };
  return { listener: `${listener.role} 1`, caller: `${caller.role} 2` };
}

interface Roles {
  readonly listener: string;
  readonly caller: string;
}

interface Joining {
  readonly watch: Pick<Watch<ApShape>, 'arrived' | 'told' | 'isOver'>;
  readonly connect: (association: string) => Promise<SctpAssociation>;
}

/** One association of the caller and one of ours with the listener; when one ends, so does the other. */
async function join(caller: SctpAssociation, { watch, connect }: Joining): Promise<void> {
  const tap = watch.arrived(caller);
  let listener: SctpAssociation;
  try {
    listener = await connect(tap.association);
  } catch (error) {
    caller.abort('nobody is there');
    if (error instanceof Blocked) watch.told(tap.association, 'listenerUnreachable');
    else if (!watch.isOver) throw error;
    return;
  }
  const pump = async (from: SctpAssociation, to: SctpAssociation, direction: PduEntry['direction']) => {
    for await (const message of from.messages) {
      tap.saw(message, direction);
      const { bytes, ppid, stream, unordered } = message;
      await to.send(bytes, { ppid, stream, unordered });
    }
    watch.told(tap.association, direction === 'sent' ? 'listenerEnded' : 'callerEnded');
    await to.close();
  };
  await Promise.all([pump(caller, listener, 'received'), pump(listener, caller, 'sent')]).catch(
    (error: unknown) => {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    },
  );
}

interface Watching {
  readonly bench: Bench;
  readonly roles: Roles;
  readonly heard: RelayNeeds['heard'];
}

/** Observes what goes by; to the caller, the tester is the listener: what that says counts as sent. */
class Watch<S extends ApShape> {
  step = 'setup';
  isOver = false;
  count = 0;
  associations = 0;
  readonly names = new Set<string>();
  readonly #spoken: ApInterface<S>;
  readonly #bench: Bench;
  readonly #roles: Roles;
  readonly #heard: RelayNeeds['heard'];

  constructor(spoken: ApInterface<S>, { bench, roles, heard }: Watching) {
    this.#spoken = spoken;
    this.#bench = bench;
    this.#roles = roles;
    this.#heard = heard;
  }

  enter(step: string): void {
    this.step = step;
    this.names.clear();
  }

  arrived({ peer }: SctpAssociation) {
    this.associations += 1;
    const association = `${this.#spoken.name}-association-${this.associations}`;
    this.#bench.stimulated();
    this.told(association, 'arrived', { host: peer.host, port: peer.port });
    const { listener: tester, caller: product } = this.#roles;
    const parties: Parties = { association, tester, product };
    const { protocol } = this.#spoken;
    const asked = { sent: new Transactions(protocol), received: new Transactions(protocol) };
    let n = 0;
    return {
      association,
      saw: (message: SctpMessage, direction: PduEntry['direction']): void => {
        const entry = this.#entryOf(message, { n, direction, asked });
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
    const { message, parts } = messageObservations(entry, parties, this.#spoken);
    for (const part of parts) this.#bench.observe(this.step, MESSAGE_PART, part);
    this.#bench.observe(this.step, MESSAGE, message);
    this.#heard?.(entry.decoded.message?.name ?? null);
  }

  /** What one side asked, the other answers. */
  #entryOf({ bytes, ppid, stream }: SctpMessage, { n, direction, asked }: Passing): PduEntry {
    const { codec, rules, comprehend } = this.#spoken.protocol;
    const read = codec.decodePdu(bytes);
    const decoded = read as PduEntry['decoded'];
    const message: ApMessage | null = decoded.message;
    if (message !== null && comprehend(read).findings.length === 0) this.names.add(message.name);
    const other = direction === 'sent' ? 'received' : 'sent';
    if (message !== null && wantsAnswer(message, rules)) asked[direction].open(message, n);
    const related = message === null ? null : asked[other].relate(message);
    return {
      ...{ n, atMs: performance.now(), direction, ppid, stream, bytes, decoded, comprehension: null },
      relation: related?.relation ?? 'unknown',
      answers: related?.request?.entry ?? null,
    };
  }
}

interface Passing {
  readonly n: number;
  readonly direction: PduEntry['direction'];
  readonly asked: Readonly<Record<PduEntry['direction'], Transactions>>;
}
