import type { Relation } from './journal.ts';
import type { Reference } from './reference.ts';
import type { ApRules } from './rules.ts';
import type { ApMessage } from './types.ts';

/** A request that waits for its answer. */
export interface OpenRequest {
  readonly key: string;
  /** `undefined` when it could not be told from its octets. */
  readonly procedure: string | undefined;
  /** Its entry in the journal. */
  readonly entry: number;
}

export interface Related {
  readonly relation: Relation;
  readonly request: OpenRequest | null;
}

const MAX_REMEMBERED = 1_024;
const MAX_TRANSACTION = 255;

export interface TransactionsOf {
  readonly rules: Pick<ApRules, 'procedureOf'>;
  readonly reference: Reference;
}

/** Which answer belongs to which request, by what the protocol refers to requests. */
export class Transactions {
  readonly #protocol: TransactionsOf;
  readonly #open = new Map<string, OpenRequest>();
  /** Keys of what has had its answer, the last ones. */
  readonly #done = new Set<string>();
  #lastId = MAX_TRANSACTION;

  constructor(protocol: TransactionsOf) {
    this.#protocol = protocol;
  }

  /** A transaction identifier that is not in use: they go round. */
  newId(): number {
    const used = new Set([...this.#open.values()].map(({ key }) => key.split(' ')[1]));
    for (let step = 1; step <= MAX_TRANSACTION + 1; step += 1) {
      const id = (this.#lastId + step) % (MAX_TRANSACTION + 1);
      if (used.has(`t${id}`)) continue;
      this.#lastId = id;
      return id;
    }
    return (this.#lastId = (this.#lastId + 1) % (MAX_TRANSACTION + 1));
  }

  /** @param message as far as it can be read: requests that are wrong on purpose are answered, too */
  open(message: ApMessage | null, entry: number): OpenRequest {
    const key = (message === null ? null : this.#keyOf(message)) ?? `${message?.procedure ?? ''} n${entry}`;
    const request = { key, procedure: message?.procedure, entry };
    this.#open.set(key, request);
    this.#done.delete(key);
    return request;
  }

  /** Nobody waits any more. */
  close(request: OpenRequest): void {
    if (this.#open.get(request.key) === request) this.#open.delete(request.key);
  }

  /** Where a message that came belongs; a request that it answers is not open any more. */
  relate(message: ApMessage): Related {
    if (message.name === 'ErrorIndication') return this.#errorIndication(message);
    if (message.kind === 'initiating') return { relation: 'initiating', request: null };
    const key = this.#keyOf(message);
    const request = key === null ? undefined : this.#open.get(key);
    if (key === null || request === undefined)
      return { relation: key !== null && this.#done.has(key) ? 'again' : 'unasked', request: null };
    return { relation: 'answer', request: this.#finish(request) };
  }

  /** It need not name what it is about: then it is about the only request that is open. */
  #errorIndication(message: ApMessage): Related {
    const ies = message.ies as ErrorIndicationIes;
    const named = this.#protocol.reference.keyOf(ies);
    const reference = named === '' ? null : named;
    const code = ies.CriticalityDiagnostics?.procedureCode;
    const procedure = code === undefined ? undefined : this.#protocol.rules.procedureOf(code);
    const fits = [...this.#open.values()].filter(
      (request) =>
        (reference === null || request.key.endsWith(` ${reference}`)) &&
        (procedure === undefined || (request.procedure ?? procedure) === procedure),
    );
    const [request] = fits;
    if (request === undefined || fits.length > 1) return { relation: 'initiating', request: null };
    return { relation: 'answer', request: this.#finish(request) };
  }

  #finish(request: OpenRequest): OpenRequest {
    this.#open.delete(request.key);
    this.#done.add(request.key);
    for (const key of this.#done) {
      if (this.#done.size <= MAX_REMEMBERED) break;
      this.#done.delete(key);
    }
    return request;
  }

  #keyOf({ procedure, ies }: ApMessage): string | null {
    const reference = this.#protocol.reference.keyOf(ies as Readonly<Record<string, unknown>>);
    return reference === null ? null : `${procedure} ${reference}`;
  }
}

type ErrorIndicationIes = Readonly<Record<string, unknown>> & {
  readonly CriticalityDiagnostics?: { readonly procedureCode?: number };
};

export function wantsAnswer({ kind, name }: ApMessage, rules: Pick<ApRules, 'procedureWith'>): boolean {
  return kind === 'initiating' && rules.procedureWith(name).successful !== undefined;
}
