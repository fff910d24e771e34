import { type Answer, listenHttp, type Received } from '../../interfaces/http/listen.ts';
import type { HttpReceived } from '../../interfaces/http/types.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import type { Bench } from '../procedure.ts';
import { ixitText } from './product.ts';
import { asJson } from './steps.ts';

const POLL_MS = 10;

/** A listener of the tester that the product can reach; everything that arrives is observed as `http-received`. */
export interface Tap extends AsyncDisposable {
  /** Base of its URLs, without a slash at the end, as the product sees it. */
  readonly url: string;
  readonly received: readonly HttpReceived[];
  /** The first request that `fits`, as soon as it is there; null when none came in time. */
  waitFor(
    fits: (received: HttpReceived) => boolean,
    options: { withinMs: number; signal: AbortSignal },
  ): Promise<HttpReceived | null>;
}

/** Binds loopback; with IXIT `a1.callbackHost`, every address of this host, and that name is what the product is told. */
export async function openTap(
  bench: Bench,
  answer: (received: Received) => Answer | Promise<Answer>,
  { step, at = 0, port }: { step: string; at?: number; port?: number },
): Promise<Tap> {
  const product = bench.subjects[at] ?? { ixit: {} };
  const host = ixitText(product, 'a1.callbackHost');
  const received: HttpReceived[] = [];
  const listener = await listenHttp({
    answer,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host: host.includes(':') ? '::' : '0.0.0.0' }),
    observe: (one) => {
      received.push(one);
      bench.observe(step, 'http-received', asJson(one));
    },
  });
  return {
    url: listener.urlOn(host ?? '127.0.0.1'),
    received,
    async waitFor(fits, { withinMs, signal }) {
      for (const end = performance.now() + withinMs; ;) {
        const found = received.find(fits);
        if (found !== undefined) return found;
        if (performance.now() >= end) return null;
        await pause(POLL_MS, { signal });
      }
    },
    async [Symbol.asyncDispose]() {
      // What is under way is answered within the limits of whoever answers, and belongs to the evidence.
      await listener.settled();
      await listener[Symbol.asyncDispose]();
    },
  };
}
