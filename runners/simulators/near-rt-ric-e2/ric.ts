import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { Behaviour } from './behaviour.ts';
import type { E2RicSettings } from './config.ts';
import { type Indication, IndicationReader } from './indications.ts';
import { type NodeRecord, newNode } from './node-record.ts';
import { Session } from './session.ts';

export interface LogEntry {
  readonly at: string;
  readonly event: string;
  readonly node: string;
  /** Where the node is. */
  readonly address: string;
  readonly detail: string;
}

export interface RicDeps {
  readonly settings: E2RicSettings;
  readonly behaviour: Behaviour;
  /** A node has set up on this session. */
  readonly nodeUp: (session: Session) => void;
  readonly say: (text: string) => void;
}

const MAX_LOG = 500;

/** The near-RT RIC: its associations, the nodes behind them, and what they reported. */
export class Ric {
  readonly behaviour: Behaviour;
  readonly settings: E2RicSettings;
  readonly entries: LogEntry[] = [];
  readonly #deps: RicDeps;
  readonly #nodes = new Map<string, NodeRecord>();
  readonly #sessions = new Set<Session>();
  readonly #reader: IndicationReader;

  constructor(deps: RicDeps) {
    this.#deps = deps;
    this.behaviour = deps.behaviour;
    this.settings = deps.settings;
    const { kpm, maxIndicationsPerS } = deps.settings;
    const { readsShortTime, limitsRate } = deps.behaviour;
    this.#reader = new IndicationReader({
      kpm: readsShortTime ? 'v2' : kpm,
      maxPerS: limitsRate ? maxIndicationsPerS : Infinity,
      checks: deps.behaviour.checksIndications,
    });
  }

  get nodes(): readonly NodeRecord[] {
    return [...this.#nodes.values()];
  }

  get associations(): number {
    return this.#sessions.size;
  }

  /** A session of that node; of any, where none is named. */
  sessionOf(node: string | undefined): Session | undefined {
    return [...this.#sessions].findLast(
      (session) => session.node !== undefined && (node === undefined || session.node.name === node),
    );
  }

  /** Takes an association, or refuses it when there are too many. */
  admit(association: SctpAssociation): void {
    const { maxAssociations } = this.settings;
    if (this.#sessions.size >= maxAssociations && this.behaviour.limit === 'refuse') {
      association.abort('too many associations');
      this.#deps.say(`refused an association from ${association.peer.host}`);
      return;
    }
    const [oldest] = this.#sessions;
    if (
      oldest !== undefined &&
      this.#sessions.size >= maxAssociations &&
      this.behaviour.limit === 'drop-oldest'
    ) {
      this.#sessions.delete(oldest);
      oldest.peer.association.abort('no room');
    }
    const session = new Session(this, association);
    this.#sessions.add(session);
    session.peer.ended.then(
      () => this.#sessions.delete(session),
      (error: unknown) => this.#broke(session, error),
    );
  }

  node(name: string): NodeRecord {
    const node = this.#nodes.get(name) ?? newNode(name);
    this.#nodes.set(name, node);
    return node;
  }

  known(name: string): NodeRecord | undefined {
    return this.#nodes.get(name);
  }

  forget({ name }: NodeRecord): void {
    this.#nodes.delete(name);
  }

  isUp(session: Session): void {
    this.#deps.say(`E2 setup by ${session.node?.name ?? 'nobody'}`);
    this.#deps.nodeUp(session);
  }

  indicated(indication: Indication, node: NodeRecord, session: Session): void {
    const reading = this.#reader.read(indication, node, performance.now());
    const { ledger } = node;
    if ('discarded' in reading) {
      ledger.discarded.set(reading.discarded, (ledger.discarded.get(reading.discarded) ?? 0) + 1);
      this.log('indication-discarded', session, reading.discarded);
      return;
    }
    ledger.processed += 1;
    for (const [name, value] of reading.values) ledger.values.set(name, value);
  }

  log(event: string, session: Session, detail: string): void {
    const entry = {
      ...{ at: new Date().toISOString(), event, detail },
      node: session.node?.name ?? '',
      address: session.address,
    };
    this.entries.push(entry);
    if (this.entries.length > MAX_LOG) this.entries.shift();
  }

  #broke(session: Session, error: unknown): void {
    this.#sessions.delete(session);
    this.#deps.say(`a session broke: ${String(error)}`);
  }
}
