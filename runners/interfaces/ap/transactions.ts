import { referenceOf } from './answers.ts';
import type { Relation } from './journal.ts';
import { procedureOf } from './messages.ts';
import { PROCEDURES, type AnyMessage, type Kind, type MessageName, type ProcedureName } from './types.ts';

/** A request that waits for its answer. */
export interface OpenRequest {
  readonly key: string;
  /** `undefined` when it could not be told from its octets. */
  readonly procedure: ProcedureName | undefined;
  /** Its entry in the journal. */
  readonly entry: number;
}

export interface Related {
  readonly relation: Relation;
  readonly request: OpenRequest | null;
}

const MAX_REMEMBERED = 1_024;
const MAX_TRANSACTION = 255;

/**
 * Which answer belongs to which request: by transaction in global procedures, by the request of the application in the others.
 *
 * @see O-RAN.WG3.E2AP clauses 9.2.7 (RIC Request ID), 9.2.33 (Transaction ID)
 */
export class Transactions {
  readonly #open = new Map<string, OpenRequest>();
  /** Keys of what has had its answer, the last ones. */
  readonly #done = new Set<string>();
  #lastId = MAX_TRANSACTION;

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
  open(message: AnyMessage | null, entry: number): OpenRequest {
    const key = (message === null ? null : keyOf(message)) ?? `${message?.procedure ?? ''} n${entry}`;
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
  relate(message: AnyMessage): Related {
    if (message.name === 'ErrorIndication') return this.#errorIndication(message);
    if (message.kind === 'initiating') return { relation: 'initiating', request: null };
    const key = keyOf(message);
    const request = key === null ? undefined : this.#open.get(key);
    if (key === null || request === undefined)
      return { relation: key !== null && this.#done.has(key) ? 'again' : 'unasked', request: null };
    return { relation: 'answer', request: this.#finish(request) };
  }

  /** It need not name what it is about: then it is about the only request that is open. */
  #errorIndication(message: AnyMessage & { readonly name: 'ErrorIndication' }): Related {
    const reference = referenceText(message);
    const code = message.ies.CriticalityDiagnostics?.procedureCode;
    const procedure = code === undefined ? undefined : procedureOf(code);
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
}

function keyOf(message: AnyMessage): string | null {
  const reference = referenceText(message);
  return reference === null ? null : `${message.procedure} ${reference}`;
}

function referenceText(message: AnyMessage): string | null {
  const { TransactionID: transaction, RICrequestID: request } = referenceOf(message);
  if (transaction !== undefined) return `t${transaction}`;
  return request === undefined ? null : `r${request.ricRequestorID}.${request.ricInstanceID}`;
}

export function wantsAnswer({ kind, procedure }: AnyMessage): boolean {
  const messages: Partial<Record<Kind, MessageName>> = PROCEDURES[procedure];
  return kind === 'initiating' && messages.successful !== undefined;
}
