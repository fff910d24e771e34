import { expect, it } from 'vitest';
import { TapRecorder } from '../../../../../runners/interfaces/capture/tap-recorder.ts';
import { readMessages } from '../../../../support/capture/read.ts';
import { aTalk } from '../../../../support/capture/talk.ts';

const talk = aTalk();
const recorder = (maxBytes = 10_000) =>
  new TapRecorder({ name: 'e2', nowMs: () => 1_700_000_000_000.125, maxBytes });

it('is full at its limit, and counts what has no place', () => {
  const small = recorder(400);
  const { bytes } = talk.data('a', { tsn: 1 });
  for (let n = 0; n < 9; n += 1)
    small.tap(bytes, { host: '192.0.2.1', port: 9 }, { host: '192.0.2.2', port: 9 });
  expect(small.file().length).toBeLessThanOrEqual(400);
  expect(small.packets + small.leftOut).toBe(9);
  expect(readMessages(small.file()).counts.frames).toBe(small.packets);
});

it.each([
  ['0.0.0.0', '127.0.0.1', '127.0.0.1'],
  ['::', '::1', '::1'],
  ['0.0.0.0', '192.0.2.2', '0.0.0.0'],
  ['localhost', '192.0.2.2', '0.0.0.0'],
  ['localhost', '2001:db8::1', '::'],
  ['192.0.2.1', '192.0.2.2', '192.0.2.1'],
])('writes a socket bound to %s that talks to %s as %s', (bound, peer, written) => {
  const one = recorder();
  one.tap(talk.data('a', { tsn: 1 }).bytes, { host: bound, port: 0 }, { host: peer, port: 0 });
  const [message] = readMessages(one.file()).messages;
  expect(message?.from).toEqual({ host: written, port: 40_001 });
  expect(message?.timeNs).toBe(1_700_000_000_000_125_000n);
});
