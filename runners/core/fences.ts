import { join } from 'node:path';
import { HarnessError } from '../../src/kernel/errors.ts';
import { isJsonObject } from '../../src/kernel/json.ts';
import { readJson, writeDurably } from './files.ts';

/** The highest fence number seen per slot, on disk: a lease that is over stays over, also after a restart. */
export class Fences {
  readonly #path: string;
  readonly #highest: Map<number, number>;

  private constructor(path: string, highest: Map<number, number>) {
    this.#path = path;
    this.#highest = highest;
  }

  static async open(dir: string): Promise<Fences> {
    const path = join(dir, 'fences.json');
    const stored = await readJson(path);
    const entries = isJsonObject(stored) ? Object.entries(stored) : [];
    const highest = new Map<number, number>();
    for (const [slot, fence] of entries) {
      if (!Number.isSafeInteger(Number(slot)) || typeof fence !== 'number' || !Number.isSafeInteger(fence)) {
        throw new HarnessError('INPUT_INVALID', `${path} is damaged`);
      }
      highest.set(Number(slot), fence);
    }
    return new Fences(path, highest);
  }

  highest(slot: number): number {
    return this.#highest.get(slot) ?? 0;
  }

  /** Durable when it resolves. `STALE_FENCE` unless the fence is higher than every one before. */
  async raise(slot: number, fence: number): Promise<void> {
    const before = this.highest(slot);
    if (fence <= before) {
      throw new HarnessError('STALE_FENCE', `slot ${slot} has seen fence ${before}, ${fence} is not newer`);
    }
    this.#highest.set(slot, fence);
    try {
      await writeDurably(this.#path, JSON.stringify(Object.fromEntries(this.#highest)));
    } catch (error) {
      this.#highest.set(slot, before);
      throw error;
    }
  }
}
