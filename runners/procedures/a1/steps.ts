import { randomBytes } from 'node:crypto';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { deriveMisspelt, deriveValue, deriveVariant } from '../../interfaces/a1/derive.ts';
import { policyTypeOf } from '../../interfaces/a1/expect.ts';
import { compileSchema, type SchemaCheck } from '../../interfaces/a1/schema.ts';
import { type A1Connection, type A1Request, sendA1 } from '../../interfaces/a1/send.ts';
import type { HttpExchange } from '../../interfaces/http/types.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { claimedTypes, connectionTo, missing, policyBodies } from './product.ts';

/** No policy type is called this. */
export const UNKNOWN_TYPE = 'patchbay_unknown_type_0.0.0';

/** The product stopped answering: what follows cannot be seen. Caught by {@link driveA1}. */
class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

export interface A1Driver {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  /** Sends a request, observes the exchange under `step`, and stops the case when no answer comes. */
  readonly send: (step: string, request: A1Request) => Promise<HttpExchange>;
  /** An id nobody else uses; the policy is deleted at the end of the case. */
  readonly newPolicy: (type: string) => string;
}

/** The policy type a case works with, and bodies for it; observed, so that the judge knows them. */
export interface TypeInUse {
  readonly type: string;
  readonly valid: Json;
  /** A second valid body; the same as `valid` when none could be made. */
  readonly update: Json;
  /** Refused by the schema; null when none is given, and none could be made as no schema is shown. */
  readonly invalid: Json | null;
  /** Null when the product did not show it. */
  readonly policySchema: Json | null;
  readonly statusSchema: Json | null;
}

/** Runs a case against the producer in `subjects[at]`; what it created is taken away again. */
export async function driveA1(
  bench: Bench,
  { signal, at = 0 }: { signal: AbortSignal; at?: number },
  behave: (driver: A1Driver) => Promise<void>,
): Promise<void> {
  const product = bench.subjects[at];
  if (product === undefined) throw new HarnessError('PLAN_INVALID', `the plan has no subject ${at}`);
  const connection = await connectionTo(bench, product, { signal });
  const created: { type: string; policy: string }[] = [];
  const driver = makeDriver({ bench, product, connection, created, signal });
  try {
    await behave(driver);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  } finally {
    if (!signal.aborted) await cleanUp({ bench, connection, created, signal });
  }
}

interface DriverParts {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly connection: A1Connection;
  readonly created: { type: string; policy: string }[];
  readonly signal: AbortSignal;
}

function makeDriver({ bench, product, connection, created, signal }: DriverParts): A1Driver {
  let first = true;
  return {
    bench,
    product,
    signal,
    newPolicy(type) {
      const policy = `pb-${bench.case.id.toLowerCase()}-${randomBytes(4).toString('hex')}`;
      created.push({ type, policy });
      return policy;
    },
    async send(step, request) {
      const exchange = await sendA1(connection, request, { signal });
      bench.observe(step, 'http-exchange', asJson(exchange));
      if (first) refuseUnreachable(exchange, product);
      first = false;
      if (exchange.delivered) bench.stimulated();
      if (exchange.tls !== null || exchange.response !== null) bench.transport('a1', carriedBy(exchange));
      if (exchange.response === null) throw new Unanswered(step);
      return exchange;
    },
  };
}

/** Nothing has reached the SUT yet: that is no finding about the product. */
/** Throws `Blocked` when the first stimulus of a case could not be delivered. */
export function refuseUnreachable({ delivered, failure }: HttpExchange, { id }: Equipment): void {
  if (failure === null || delivered) return;
  const code = failure.kind === 'tls-failed' ? 'SUT_TLS_FAILED' : 'SUT_UNREACHABLE';
  throw new Blocked({ code, text: `${id}: ${failure.detail}` });
}

export function carriedBy({ tls, response }: HttpExchange): string {
  const http = `http/${response?.httpVersion ?? '1.1'}`;
  return tls === null ? http : `${http} ${tls.protocol.toLowerCase().replace('tlsv', 'tls')}`;
}

/** Best effort: a policy that is left behind is seen in the evidence, not judged. */
async function cleanUp({ bench, connection, created, signal }: Omit<DriverParts, 'product'>): Promise<void> {
  for (const { type, policy } of created) {
    const resource = { kind: 'policy', type, policy } as const;
    const exchange = await sendA1(connection, { method: 'DELETE', resource }, { signal });
    bench.observe('clean-up', 'http-exchange', asJson(exchange));
    if (exchange.response === null) return; // it does not answer any more: more requests change nothing
  }
}

export function asJson(value: object): Json {
  return value as Json;
}

/** Chooses a policy type the product claims, reads its schema, and finds bodies for it. */
export async function useType(driver: A1Driver): Promise<TypeInUse> {
  const { product, bench } = driver;
  const [type] = claimedTypes(product).toSorted(
    (a, b) => Object.keys(policyBodies(product, b)).length - Object.keys(policyBodies(product, a)).length,
  );
  if (type === undefined)
    throw missing('IXIT_MISSING', 'neither ICS a1.policyTypes nor IXIT a1.policies names a type');
  const given = policyBodies(product, type);
  const { response } = await driver.send('read-type', { method: 'GET', resource: { kind: 'type', type } });
  const shown = response?.status === 200 ? policyTypeOf(response) : null;
  const inUse = bodiesFor({ type, given, schema: shown?.policySchema ?? null });
  const whole: TypeInUse = { ...inUse, statusSchema: shown?.statusSchema ?? null };
  bench.observe('type-in-use', 'note', asJson(whole));
  return whole;
}

interface BodySource {
  readonly type: string;
  readonly given: Readonly<Record<string, Json>>;
  readonly schema: Json | null;
}

function bodiesFor({ type, given, schema }: BodySource): Omit<TypeInUse, 'statusSchema'> {
  const compiled = schema === null ? null : compileSchema(schema);
  const check = compiled?.ok === true ? compiled.value : null;
  const valid = given['valid'] ?? derived(schema, check);
  if (valid === undefined)
    throw missing(
      'IXIT_MISSING',
      `IXIT a1.policies has no valid body for ${type}, and none follows from its schema`,
    );
  return {
    type,
    valid,
    update: given['update'] ?? (check === null ? undefined : deriveVariant(valid, check)) ?? valid,
    invalid: given['invalid'] ?? (check === null ? undefined : deriveMisspelt(valid, check)) ?? null,
    policySchema: check === null ? null : schema,
  };
}

function derived(schema: Json | null, check: SchemaCheck | null): Json | undefined {
  if (schema === null || check === null) return undefined;
  const value = deriveValue(schema);
  return value !== undefined && check(value) === null ? value : undefined;
}
