import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { encodeMessage } from '../../../runners/interfaces/e2/codec.ts';
import { judgeLive, type LiveNews } from '../../../src/app/judge-live.ts';
import { aTalk } from '../../support/capture/talk.ts';
import { shippedProperties } from '../../support/judge/catalogue.ts';

const PPID = 70;
/** Installed, and allowed to capture on the loopback. */
const canCapture = /\blo\b/u.test(spawnSync('dumpcap', ['-D', '-M'], { encoding: 'utf8' }).stdout);

async function aSocket() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
}

it.skipIf(!canCapture)(
  'judges what passes on the loopback as it passes, when dumpcap is installed',
  async () => {
    const programs = [...(await shippedProperties()).values()].filter(
      ({ property }) => property.protocol === 'E2AP',
    );
    const [a, b] = [await aSocket(), await aSocket()];
    const talk = aTalk();
    const done = { TransactionID: 3 };
    const reset = { ...done, Cause: { misc: 'om-intervention' as const } };
    // The second answer is to nothing; the reset behind it shows that nothing of either end is missing.
    const packets = [
      ...talk.open(),
      talk.data('a', { tsn: 100, ssn: 0, ppid: PPID, bytes: encodeMessage('ResetRequest', reset) }),
      talk.data('b', { tsn: 500, ssn: 0, ppid: PPID, bytes: encodeMessage('ResetResponse', done) }),
      talk.data('b', { tsn: 501, ssn: 1, ppid: PPID, bytes: encodeMessage('ResetResponse', done) }),
      talk.data('a', { tsn: 101, ssn: 1, ppid: PPID, bytes: encodeMessage('ResetRequest', reset) }),
      talk.data('b', { tsn: 502, ssn: 2, ppid: PPID, bytes: encodeMessage('ResetResponse', done) }),
    ];
    const stop = new AbortController();
    const news: LiveNews[] = [];
    const judged = await judgeLive('lo', {
      ...{ programs, udpPorts: [a.port, b.port], signal: stop.signal },
      onReady: () => {
        for (const { from, bytes } of packets) {
          const [own, other] = from === 'a' ? [a, b] : [b, a];
          own.socket.send(bytes, other.port, '127.0.0.1');
        }
      },
      onNews: (each) => {
        news.push(each);
        if (each.violations.length > 0) stop.abort();
      },
    });
    a.socket.close();
    b.socket.close();
    const broken = judged.findings.filter((finding) => finding.broken > 0).map(({ property }) => property.id);
    expect(broken).toEqual(['e2ap/reset-asked']);
    expect(news.map(({ finding, violations }) => [finding.property.id, violations.length])).toContainEqual([
      'e2ap/reset-asked',
      1,
    ]);
  },
  30_000,
);

it.skipIf(!canCapture)('says what dumpcap says of a device that is not there', async () => {
  const { signal } = new AbortController();
  const judging = judgeLive('no-such-device', { programs: [], signal, onNews: () => {} });
  await expect(judging).rejects.toMatchObject({ code: 'CAPTURE_FAILED' });
});
