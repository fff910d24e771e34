/** What a process that was killed throws, so to speak. */
export class Killed extends Error {}

/** Where it dies: at the first call of this method, before it has happened or after. */
export interface DyingPoint {
  readonly method: string;
  readonly after: boolean;
}

/** The same port, which dies at that point. */
export function dyingPort<T extends object>(port: T, { method, after }: DyingPoint): T {
  return new Proxy(port, {
    get: (target, name) => {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function' || name !== method) return found;
      return async (...args: unknown[]) => {
        if (after) await Reflect.apply(found, target, args);
        throw new Killed();
      };
    },
  });
}
