/**
 * Lets `work` on the same id happen once at a time in this process. Whoever asks while it is under way makes it happen
 * once more afterwards, and waits for that; a failure reaches everybody who waits for it.
 */
export function oneAtATime<Id extends string>(work: (id: Id) => Promise<void>): (id: Id) => Promise<void> {
  const underWay = new Map<Id, Promise<void>>();
  const waiting = new Map<Id, Promise<void>>();
  const begin = (id: Id): Promise<void> => {
    waiting.delete(id);
    const done = work(id).finally(() => {
      if (underWay.get(id) === done) underWay.delete(id);
    });
    underWay.set(id, done);
    return done;
  };
  return (id) => {
    const current = underWay.get(id);
    if (current === undefined) return begin(id);
    const next =
      waiting.get(id) ??
      current.then(
        () => begin(id),
        () => begin(id),
      );
    waiting.set(id, next);
    return next;
  };
}
