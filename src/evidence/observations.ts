import { HarnessError } from '../kernel/errors.ts';
import { isJsonObject, type Json } from '../kernel/json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Observation } from './observation.ts';

export const OBSERVATIONS_MEDIA_TYPE = 'application/x-ndjson';

/** The `exchange` evidence of a case: one observation a line, members in a fixed order. */
export function renderObservations(observations: readonly Observation[]): Uint8Array {
  const lines = observations.map(
    ({ n, t, step, kind, data }) => `${JSON.stringify({ n, t, step, kind, data })}\n`,
  );
  return new TextEncoder().encode(lines.join(''));
}

/** Reads what {@link renderObservations} wrote; refuses anything else, with the line. */
export function parseObservations(bytes: Uint8Array): Result<readonly Observation[], string> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return err('the observations are not UTF-8');
  }
  const lines = text.split('\n');
  if (lines.pop() !== '') return err('the last observation is cut off');
  const observations: Observation[] = [];
  for (const [index, line] of lines.entries()) {
    const observation = parseObservation(line);
    if (observation?.n !== index) return err(`line ${index + 1} is not observation ${index}`);
    observations.push(observation);
  }
  return ok(observations);
}

/**
 * Numbered items in their order: what came before is dropped, a gap is refused with `EVIDENCE_GAP`.
 * @param from the number that is expected first
 */
export async function* inOrder<T extends { readonly n: number }>(
  items: AsyncIterable<T> | Iterable<T>,
  from = 0,
): AsyncGenerator<T, void, undefined> {
  let next = from;
  for await (const item of items) {
    if (item.n < next) continue;
    if (item.n > next)
      throw new HarnessError('EVIDENCE_GAP', `item ${item.n} came where ${next} was expected`);
    next += 1;
    yield item;
  }
}

function parseObservation(line: string): Observation | null {
  let value: Json;
  try {
    value = JSON.parse(line) as Json;
  } catch {
    return null;
  }
  if (!isJsonObject(value)) return null;
  const { n, t, step, kind, data } = value;
  if (typeof n !== 'number' || typeof t !== 'number' || data === undefined) return null;
  return typeof step === 'string' && typeof kind === 'string' ? { n, t, step, kind, data } : null;
}
