import type { Equipment } from '../../../src/domain/equipment.ts';
import type { CaseId } from '../../../src/domain/ids.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import type { Outcome } from '../../interfaces/e2/peer.ts';
import { E2_PORT } from '../../interfaces/e2/port.ts';
import type { AnyMessage, InitiatingName } from '../../interfaces/e2/types.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { type DialledEndPoint, dialledEndPoint } from '../sctp-end-point.ts';
import { openTowards } from '../sctp-transport.ts';
import { type Connecting, mustConnect, tryConnect } from '../ap/connect.ts';
import { E2Link } from './link.ts';
import { answerAsNode, type NodeManners } from './node-answers.ts';
import { trigger } from './ric-hook.ts';
import { type Presentation, setupRequest, testerNodeId, testerNodeName } from './tester-node.ts';

/** The case that shows that a node can set up at all. */
const SETUP_CASE = 'E2-001' as CaseId;

/** What a procedure about a near-RT RIC drives with. */
export interface RicDriver {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly transport: SctpTransport;
  readonly endPoint: DialledEndPoint;
  /** How long the product may take to answer. */
  readonly withinMs: number;
  /** An E2 node with an association that is up. @throws Blocked */
  connect(step: string, node?: number, name?: string): Promise<TesterNode>;
  /** As above; null when the product did not take the association. */
  tryConnect(step: string, node: number, name: string): Promise<TesterNode | null>;
  /** An E2 node that has set up. @throws Blocked */
  ready(step?: string, node?: number): Promise<TesterNode>;
  /** Has the product begin something, and gives the number of the first message that can be of it. @throws Blocked */
  trigger(node: TesterNode, order: Order): Promise<number>;
}

export interface Order {
  readonly step: string;
  readonly action: string;
  readonly inWords: string;
  readonly more?: Readonly<Record<string, string | number>>;
}

/** Runs a case against the near-RT RIC in `subjects[0]`; whatever was opened is shut down. */
export async function driveRic(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (driver: RicDriver) => Promise<void>,
): Promise<void> {
  const [product] = bench.subjects;
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  const endPoint = dialledEndPoint(product, { interface: 'e2', usualPort: E2_PORT });
  await using undo = new Teardown();
  const transport = undo.use(await openTowards(bench, endPoint));
  const nodes: TesterNode[] = [];
  undo.defer(async () => {
    await Promise.all(nodes.map(({ link }) => link.close()));
  });
  await behave(makeDriver({ bench, product, signal, transport, endPoint }, nodes));
}

type DriverParts = Pick<RicDriver, 'bench' | 'product' | 'signal' | 'transport' | 'endPoint'>;

function makeDriver(parts: DriverParts, nodes: TesterNode[]): RicDriver {
  const { bench, product, signal } = parts;
  const withinMs = bench.number('responseTimeMs');
  const open = async (
    { step, node, name }: { step: string; node: number; name: string },
    connect: typeof tryConnect,
  ): Promise<TesterNode | null> => {
    const connecting: Connecting = { ...parts, association: name, step, withinMs: withinMs * 2 };
    const association = await connect(connecting, { signal });
    if (association === null) return null;
    const opened = new TesterNode({ bench, product, signal, withinMs, node, name, step }, association);
    nodes.push(opened);
    return opened;
  };
  const connectOr = async (step: string, node = 1, name = nameOf(node)): Promise<TesterNode> => {
    const opened = await open({ step, node, name }, mustConnect);
    if (opened === null) throw new HarnessError('UNEXPECTED', 'an association neither came up nor failed');
    return opened;
  };
  return {
    ...parts,
    withinMs,
    connect: connectOr,
    tryConnect: (step, node, name) => open({ step, node, name }, tryConnect),
    async ready(step = 'setup', number = 1) {
      const node = await connectOr(step, number);
      const { kind } = await node.setUp(step);
      if (kind !== 'successful')
        throw Blocked.precondition(
          `the E2 setup that the case begins with was not done (${kind})`,
          SETUP_CASE,
        );
      return node;
    },
    async trigger({ link, name }, { step, action, inWords, more = {} }) {
      link.enter(step);
      const from = link.next;
      await trigger({ bench, product, step, order: { action, node: name, ...more }, inWords }, { signal });
      return from;
    },
  };
}

function nameOf(node: number): string {
  return node === 1 ? 'e2-node' : `e2-node-${node}`;
}

interface NodeParts {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  /** Number of the E2 node that is played. */
  readonly node: number;
  /** Of the association. */
  readonly name: string;
  readonly step: string;
}

/** An E2 node of the tester on one association; it answers requests of the product by its manners. */
export class TesterNode {
  readonly link: E2Link;
  /** As hooks know the node. */
  readonly name: string;
  /** May be changed while the case runs. */
  manners: NodeManners = {};
  readonly #parts: NodeParts;

  constructor(parts: NodeParts, association: ConstructorParameters<typeof E2Link>[0]['association']) {
    const { bench, product, node, name, step } = parts;
    this.#parts = parts;
    this.name = testerNodeName(product, node);
    this.link = new E2Link({
      bench,
      association,
      step,
      parties: { association: name, tester: name, product: product.role },
      handle: (message) => answerAsNode(message, this.manners),
    });
  }

  get transactionId(): number {
    return this.link.peer.newTransactionId();
  }

  get presentation(): Presentation {
    return { node: testerNodeId(this.#parts.product, this.#parts.node) };
  }

  get waiting(): { readonly signal: AbortSignal; readonly withinMs: number } {
    const { signal, withinMs } = this.#parts;
    return { signal, withinMs };
  }

  setUp(step: string, functions?: Presentation['functions']): Promise<Outcome<'E2setupRequest'>> {
    const presentation = { ...this.presentation, ...(functions === undefined ? {} : { functions }) };
    const ies = setupRequest(this.transactionId, presentation);
    return this.link.request(step, { name: 'E2setupRequest', ies }, this.waiting);
  }

  /** Whether the product still does what every RIC must: a reset is answered. */
  async probe(step = 'alive'): Promise<void> {
    const from = this.link.next;
    const ies = { TransactionID: this.transactionId, Cause: { misc: 'unspecified' } } as const;
    await this.link.send(step, outgoing('ResetRequest', ies));
    // What came before may still be complained about: that is no answer to this.
    const fits = ({ decoded }: PduEntry): boolean => decoded.message?.name === 'ResetResponse';
    await this.link.waitFor(fits, { ...this.waiting, from });
  }

  /** The first message of that name from `from` on; null when none comes in time. */
  async awaits(
    name: InitiatingName,
    { from, withinMs = this.#parts.withinMs }: { readonly from: number; readonly withinMs?: number },
  ): Promise<AnyMessage | null> {
    const fits = ({ decoded }: PduEntry): boolean => decoded.message?.name === name;
    const entry = await this.link.waitFor(fits, { signal: this.#parts.signal, withinMs, from });
    return entry?.decoded.message ?? null;
  }

  /** Sends, and waits for anything that can come of it. */
  async provoke(step: string, octets: Uint8Array | Outgoing): Promise<PduEntry | null> {
    const from = this.link.next;
    await (octets instanceof Uint8Array ? this.link.sendBytes(step, octets) : this.link.send(step, octets));
    return this.link.waitFor(({ relation }) => relation !== 'again', { ...this.waiting, from });
  }

  /** Time for what should not come, also when the association is over. */
  settle(ms: number): Promise<void> {
    return pause(ms, { signal: this.#parts.signal });
  }
}
