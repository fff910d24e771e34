import { expect, it } from 'vitest';
import { nothingTakenAgain } from '../../../../../runners/procedures/ap/segment-replay.ts';
import type { Json } from '../../../../../src/kernel/json.ts';

const ESP = { esp: [{ to: '192.0.2.1', spi: 7, packets: 160, repeated: 0, readable: 0 }], dtls: 0 };
const RIGHT = {
  ...{ untried: null, asked: 80, answered: 80, answeredTwice: 0, caught: 80, numbers: 80, passed: 80 },
  ...{ reached: true, answeredAgain: 0, servedAfter: true },
};

function judged(
  changes: Readonly<Record<string, Json>>,
  segment: Parameters<typeof nothingTakenAgain>[1] = ESP,
) {
  const data = { ...RIGHT, ...changes };
  return nothingTakenAgain(
    { observations: [{ n: 3, t: 0, step: 'segment', kind: 'replay', data }] },
    segment,
  );
}

it.each<[string, Readonly<Record<string, Json>>, string]>([
  ['none had an effect', {}, 'pass'],
  ['1 were taken', { answeredAgain: 1 }, 'fail'],
  ['1 were taken', { answeredAgain: 1, servedAfter: false, passed: 3 }, 'fail'],
  ['has no inject', { untried: 'ixit has no inject' }, 'none'],
  ['have no numbers', { numbers: 1 }, 'none'],
  ['of 16 HEARTBEATs, 11 were answered', { asked: 16, answered: 11, caught: 16, numbers: 16 }, 'inconc'],
  ['79 such packets passed', { caught: 79, numbers: 79 }, 'inconc'],
  ['2 HEARTBEAT(s) were answered twice at once', { answeredTwice: 2, answeredAgain: 80 }, 'inconc'],
  ['79 were seen to pass', { passed: 79 }, 'inconc'],
  ['nothing shows that they reached it', { reached: false }, 'inconc'],
  ['answers no HEARTBEAT any more', { servedAfter: false }, 'inconc'],
])('finds that %s in %j: %s', (saw, changes, verdict) => {
  expect(judged(changes)).toMatchObject({ verdict, saw: expect.stringContaining(saw) as string });
});

it('finds nothing where nothing was protected by ESP', () => {
  const nothing = { caught: 0, numbers: 0 };
  expect(judged(nothing, { esp: [], dtls: 0 })).toMatchObject({
    verdict: 'none',
    saw: expect.stringContaining('there was no ESP') as string,
  });
  expect(judged(nothing, { esp: [], dtls: 9 })).toMatchObject({
    verdict: 'none',
    saw: expect.stringContaining('in DTLS') as string,
  });
  expect(nothingTakenAgain({ observations: [] }, ESP).verdict).toBe('none');
});
