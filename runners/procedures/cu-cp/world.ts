import type { Equipment } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { tryConnect } from '../ap/connect.ts';
import type { LinkWaiting } from '../ap/link.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import type { PrepareKey } from '../hook.ts';
import type { Bench, ParameterSpec } from '../procedure.ts';
import { type DialledEndPoint, dialledEndPoint } from '../sctp-end-point.ts';
import { openTowards } from '../sctp-transport.ts';
import { TesterAmf } from './tester-amf.ts';
import { TesterCuUp } from './tester-cu-up.ts';
import { TesterDu, type TesterDuOptions } from './tester-du.ts';

export const BASIC: Readonly<Record<string, ParameterSpec>> = {
  responseTimeMs: RESPONSE_TIME,
  triggerWithinMs: TRIGGER_WITHIN,
};

/** All that the tester plays around a gNB-CU-CP. */
export interface CuCpWorld {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly waiting: LinkWaiting;
  /** How the product is made to begin something. */
  readonly key: PrepareKey;
  /** A gNB-DU with an association; null when the product did not take it. */
  du(step: string, options?: Partial<TesterDuOptions>): Promise<TesterDu | null>;
  cuUp(step: string): Promise<TesterCuUp | null>;
  /** Where the product goes on NG; it is there when this resolves. @throws Blocked */
  amf(): Promise<TesterAmf>;
}

/** Runs a case against the gNB-CU-CP in `subjects[0]`; whatever was opened is shut down. */
export async function driveCuCp(
  bench: Bench,
  { signal, key }: { readonly signal: AbortSignal; readonly key: PrepareKey },
  behave: (world: CuCpWorld) => Promise<void>,
): Promise<void> {
  const [product] = bench.subjects;
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  await using undo = new Teardown();
  const waiting = { signal, withinMs: bench.number('responseTimeMs') };
  const dialler = new Dialler({ bench, product, signal, undo });
  let amf: TesterAmf | null = null;
  const world: CuCpWorld = {
    ...{ bench, product, signal, waiting, key },
    du: (step, options = {}) =>
      dialler.open(step, { name: 'f1', usualPort: 38_472 }, (association, name) => {
        const du = new TesterDu({ bench, product, association, name, step }, options);
        undo.defer(() => du.link.close());
        return du;
      }),
    cuUp: (step) =>
      dialler.open(step, { name: 'e1', usualPort: 38_462 }, (association, name) => {
        const up = new TesterCuUp({ bench, product, association, name, step });
        undo.defer(() => up.link.close());
        return up;
      }),
    async amf() {
      amf ??= undo.use(await TesterAmf.open({ bench, product, signal, key }));
      return amf;
    },
  };
  if (product.ics['f1.needsNg'] === true) await world.amf();
  await behave(world);
}

interface DiallerParts {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly undo: Teardown;
}

interface Dialled {
  readonly endPoint: DialledEndPoint;
  readonly transport: SctpTransport;
}

/** Associations with the product, as many as are asked for; what carries them is opened once for each interface. */
class Dialler {
  readonly #parts: DiallerParts;
  readonly #opened = new Map<string, Dialled>();
  #count = 0;

  constructor(parts: DiallerParts) {
    this.#parts = parts;
  }

  async open<Tester>(
    step: string,
    { name, usualPort }: { readonly name: string; readonly usualPort: number },
    make: (association: NonNullable<Awaited<ReturnType<typeof tryConnect>>>, name: string) => Tester,
  ): Promise<Tester | null> {
    const { bench, signal } = this.#parts;
    const { endPoint, transport } = await this.#towards(name, usualPort);
    this.#count += 1;
    const called = `${name}-${this.#count}`;
    const withinMs = bench.number('responseTimeMs') * 2;
    const connecting = { bench, transport, endPoint, association: called, step, withinMs };
    const association = await tryConnect(connecting, { signal });
    return association === null ? null : make(association, called);
  }

  async #towards(name: string, usualPort: number): Promise<Dialled> {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const { bench, product, undo } = this.#parts;
    const endPoint = dialledEndPoint(product, { interface: name, usualPort });
    const transport = undo.use(await openTowards(bench, endPoint));
    const opened = { endPoint, transport };
    this.#opened.set(name, opened);
    return opened;
  }
}
