import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';

/** Settings of a simulator, over their defaults; the first that is wrong, or that there is not, is named. */
export class Settings {
  readonly #simulator: string;
  readonly #values: Readonly<Record<string, Json>>;

  /** @throws HarnessError INPUT_INVALID for a setting that it does not have */
  constructor(
    simulator: string,
    defaults: Readonly<Record<string, Json>>,
    given: Readonly<Record<string, Json>>,
  ) {
    this.#simulator = simulator;
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaults, name));
    if (unknown !== undefined) throw this.wrong(unknown, 'none that it has');
    this.#values = { ...defaults, ...given };
  }

  /** @throws HarnessError INPUT_INVALID */
  text(name: string, pattern = /./u): string {
    const value = this.#values[name];
    if (typeof value !== 'string' || !pattern.test(value))
      throw this.wrong(name, `text like ${pattern.source}`);
    return value;
  }

  /** @throws HarnessError INPUT_INVALID */
  textOrNull(name: string, pattern = /./u): string | null {
    return this.#values[name] === null ? null : this.text(name, pattern);
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    if (typeof value !== 'boolean') throw this.wrong(name, 'true or false');
    return value;
  }

  /** @throws HarnessError INPUT_INVALID */
  number(name: string, [least, most]: readonly [number, number]): number {
    const value = this.#values[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.wrong(name, `a whole number from ${least} to ${most}`);
  }

  wrong(name: string, wanted: string): HarnessError {
    return new HarnessError(
      'INPUT_INVALID',
      `setting ${name} of the simulator ${this.#simulator} must be ${wanted}`,
    );
  }
}

export const PLMN = /^\d{5,6}$/u;
export const WHOLE = { port: [1, 65_535], udpPort: [0, 65_535], bits24: [0, 0xff_ffff] } as const;

/** An address to listen on: on raw IP another than that of the tester. */
export function hostFor(host: string | null, transport: string): string {
  return host ?? (transport.endsWith('raw') ? '127.0.0.2' : '127.0.0.1');
}
