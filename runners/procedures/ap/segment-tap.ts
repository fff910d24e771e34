import type { Equipment } from '../../../src/domain/equipment.ts';
import { deadline } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { EspHistory } from '../../interfaces/trace/esp-history.ts';
import { type SegmentSeen, SegmentReader } from '../../interfaces/trace/segment-reader.ts';
import { Blocked } from '../procedure.ts';
import { addressIn, type InjectionPoint, injectionPointIn } from './segment-injection.ts';

/** Key of the IXIT: by interface, where the segment can be tapped between the gateways of the sites. */
export const TAPS = 'transport.taps';
const READY_WITHIN_MS = 5_000;
/** Of a capture: what is more is not taken from the network any more. */
const MAX_BYTES = 64 * 1024 * 1024;
const ENOUGH = 'enough was tapped';

/** Where packets can be put onto the segment, and what has passed to the gateway of the product. */
export interface SayingAgain {
  readonly point: InjectionPoint;
  readonly history: EspHistory;
}

export interface SegmentTap extends AsyncDisposable {
  /** Null where nothing can be put onto the segment. */
  readonly again: SayingAgain | null;
  /** Ends the tapping. @returns what passed since it began */
  end(): Promise<SegmentSeen>;
}

/**
 * Taps a segment: a GET is answered by a capture, pcap or pcapng, of what passes from then on, while it passes.
 * @throws Blocked: not supported by the testbed when the equipment file does not say where; blocked when nobody is there now
 */
export async function openTap(
  { id, ixit }: Pick<Equipment, 'id' | 'ixit'>,
  interfaceName: string,
  { signal }: { signal: AbortSignal },
): Promise<SegmentTap> {
  const taps = ixit[TAPS];
  const given = isJsonObject(taps) ? taps[interfaceName] : undefined;
  const place = isJsonObject(given) ? given : {};
  const missing = (what: string): Blocked => {
    const text = `${id}: its IXIT has no ${TAPS}.${interfaceName}.${what}`;
    return new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
  };
  const url = typeof place['url'] === 'string' ? place['url'] : '';
  if (!URL.canParse(url)) throw missing('url');
  const again = place['inject'] === undefined ? null : sayingAgain(place, missing);
  const stop = new AbortController();
  const reading = AbortSignal.any([signal, stop.signal]);
  using limit = deadline(reading, READY_WITHIN_MS, 'the answer of the tap');
  const body = await bodyOf(url, { reading, limit: limit.signal });
  const pieces = body.getReader();
  const reader = new SegmentReader(again?.history);
  // A capture begins with its head, which says that it has begun.
  reader.push((await within(pieces.read(), limit.signal)).value ?? new Uint8Array());
  const ended = readAll(pieces, reader);
  // What breaks is told when the tapping ends.
  ended.catch(() => undefined);
  const end = async (): Promise<void> => {
    stop.abort(new Error(ENOUGH));
    await ended;
  };
  return {
    again,
    async end() {
      await end();
      signal.throwIfAborted();
      return reader.seen();
    },
    [Symbol.asyncDispose]: end,
  };
}

/** @throws Blocked for the part that is missing, or is no such thing */
function sayingAgain(
  { inject, gateway }: Readonly<Record<string, Json>>,
  missing: (what: string) => Blocked,
): SayingAgain {
  const point = injectionPointIn(inject);
  if (point === null) throw missing('inject of the form tcp://HOST:PORT');
  const address = addressIn(gateway);
  if (address === null) throw missing("gateway, the address of the product's security gateway");
  return { point, history: new EspHistory(address) };
}

async function bodyOf(
  url: string,
  { reading, limit }: { readonly reading: AbortSignal; readonly limit: AbortSignal },
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  try {
    const { status, body } = await within(fetch(url, { signal: reading }), limit);
    if (status === 200 && body !== null) return body;
    throw new HarnessError('CAPTURE_FAILED', `it answers ${status}`);
  } catch (error) {
    reading.throwIfAborted();
    const { cause } = error as { readonly cause?: unknown };
    const text = `the tap at ${url} cannot be read: ${HarnessError.from(cause ?? error).message}`;
    throw new Blocked({ code: 'CAPTURE_FAILED', text });
  }
}

async function readAll(
  pieces: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  reader: SegmentReader,
): Promise<void> {
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await pieces.read();
      if (done || bytes > MAX_BYTES) return;
      bytes += value.length;
      reader.push(value);
    }
  } catch (error) {
    // It was told to end, which ends the reading by an error.
    if ((error as Error).message !== ENOUGH) throw error;
  }
}

function within<T>(promise: Promise<T>, limit: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason as Error), { once: true });
    promise.then(resolve, reject);
  });
}
