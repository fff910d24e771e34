import { describe, expect, it } from 'vitest';
import { listenHttp } from '../../../../../runners/interfaces/http/listen.ts';
import { sendHttp } from '../../../../../runners/interfaces/http/send.ts';
import type { HttpReceived } from '../../../../../runners/interfaces/http/types.ts';

const signal = new AbortController().signal;
const limits = { timeoutMs: 5_000 };

describe('a listener of the tester', () => {
  it('observes nothing after it was closed, whatever was still under way', async () => {
    const observed: HttpReceived[] = [];
    const waiting = later();
    const arrived = later();
    const listener = await listenHttp({
      answer: async () => {
        arrived.resolve();
        await waiting.promise;
        return { status: 204 };
      },
      observe: (one) => observed.push(one),
    });
    const sent = sendHttp({ method: 'POST', url: listener.urlOn('127.0.0.1') }, { limits }, { signal });
    await arrived.promise;
    await listener[Symbol.asyncDispose]();
    waiting.resolve();
    expect((await sent).response).toBeNull();
    expect(observed).toEqual([]);
  });

  it('is settled when everything that arrived is answered and observed', async () => {
    const observed: HttpReceived[] = [];
    const waiting = later();
    const arrived = later();
    await using listener = await listenHttp({
      answer: async () => {
        arrived.resolve();
        await waiting.promise;
        return { status: 204 };
      },
      observe: (one) => observed.push(one),
    });
    const sent = sendHttp({ method: 'POST', url: listener.urlOn('127.0.0.1') }, { limits }, { signal });
    await arrived.promise;
    const settled = listener.settled();
    waiting.resolve();
    await settled;
    expect(observed.map(({ answered }) => answered.status)).toEqual([204]);
    expect((await sent).response?.status).toBe(204);
  });
});

function later(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
