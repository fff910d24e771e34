import { describe, expect, it } from 'vitest';
import { MESSAGE, messageData, octetsOf, traceOf } from '../../../src/evidence/message-log.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import { renderObservations, parseObservations } from '../../../src/evidence/observations.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { aTraceMessage } from '../../support/a-trace.ts';

const { t, ...seen } = aTraceMessage();
const data = messageData({ ...seen, interface: 'e2', bytes: '00ff' });
const observed = (kind: string, what: Json): Observation => ({
  n: 0,
  t,
  step: 'subscribe',
  kind,
  data: what,
});

describe('logged messages', () => {
  it('come back from stored observations as they were', () => {
    const stored = parseObservations(renderObservations([observed(MESSAGE, data)]));
    const observations = stored.ok ? stored.value : [];
    expect(traceOf(observations)).toEqual([aTraceMessage()]);
    expect(octetsOf(observations)).toEqual([Uint8Array.of(0, 255)]);
  });

  it('are those observations that have their shape', () => {
    const others = [
      observed('note', data),
      observed(MESSAGE, 'text'),
      observed(MESSAGE, { ...data, octets: '2' }),
      observed(MESSAGE, { ...data, from: null }),
      observed(MESSAGE, { ...data, faults: 'none' }),
    ];
    expect(traceOf(others)).toEqual([]);
    expect(octetsOf(others)).toEqual([]);
  });

  it('may be of a kind that nobody knows, and cut', () => {
    const odd = [
      observed(MESSAGE, { ...data, kind: 'maybe', faults: ['one', 2], bytes: '00f[cut: 9 characters more]' }),
    ];
    const { kind: _, ...rest } = aTraceMessage({ faults: ['one'] });
    expect(traceOf(odd)).toEqual([rest]);
    expect(octetsOf(odd)).toEqual([null]);
  });
});
