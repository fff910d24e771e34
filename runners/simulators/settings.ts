import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';

type Given = Readonly<Record<string, Json>>;

/** Reads what an equipment file says under `simulator.settings`, with what is missing filled in. */
export class SettingsReader {
  readonly #simulator: string;
  readonly #settings: Given;

  /**
   * @param simulator for people
   * @throws HarnessError INPUT_INVALID naming a setting that there is none of
   */
  constructor(simulator: string, { given, defaults }: { readonly given: Given; readonly defaults: Given }) {
    this.#simulator = simulator;
    this.#settings = { ...defaults, ...given };
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaults, name));
    if (unknown !== undefined) throw this.wrong(unknown, 'none that it has');
  }

  get(name: string): Json | undefined {
    return this.#settings[name];
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== 'string' || value === '') throw this.wrong(name, 'text');
    return value;
  }

  number(name: string, [min, max]: readonly [number, number]): number {
    const value = this.get(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
      throw this.wrong(name, `${min} to ${max}`);
    return value;
  }

  /** The text, matched. */
  matching(name: string, [pattern, wanted]: readonly [RegExp, string]): string {
    const value = this.get(name);
    if (typeof value !== 'string' || !pattern.test(value)) throw this.wrong(name, wanted);
    return value;
  }

  wrong(name: string, wanted: string): HarnessError {
    return new HarnessError('INPUT_INVALID', `setting ${name} of the ${this.#simulator} must be ${wanted}`);
  }
}

/** An address to listen on: on raw IP another than that of the tester. */
export function hostFor(transport: string, given: Json | undefined): string {
  if (typeof given === 'string' && given !== '') return given;
  return transport.endsWith('-raw') ? '127.0.0.2' : '127.0.0.1';
}
