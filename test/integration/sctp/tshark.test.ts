import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TapRecorder } from '../../../runners/interfaces/capture/tap-recorder.ts';
import type { Carrier } from '../../../runners/interfaces/sctp/carrier.ts';
import { openEndpoint } from '../../../runners/interfaces/sctp/endpoint.ts';
import { tapCarrier } from '../../../runners/interfaces/sctp/tap.ts';
import { openUdpCarrier } from '../../../runners/interfaces/sctp/udp.ts';
import { first, pattern, rest, take, until } from '../../support/sctp/conformance.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';

const [PORT, CLIENT_PORT] = [36_421, 40_001];
const STRICT = [
  'sctp.checksum:TRUE',
  'sctp.reassembly:TRUE',
  'ip.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
];
const FAULTS =
  '_ws.malformed || _ws.expert.severity == "Error" || sctp.checksum.status == "Bad" || udp.checksum.status == "Bad"';
const CHUNKS = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  cookieEcho: 10,
};
const COOKIE_ACK_AND_COMPLETE = [11, 14];

describe.skipIf(!hasTshark())('tshark on the whole life of an association (needs tshark)', () => {
  it.each(['127.0.0.1', '::1'])(
    'finds no fault at %s in fragments, a restart, a shutdown and an abort',
    async (host) => {
      const { bytes, udpPort } = await aWholeLife(host);
      await using folder = await scratchFolder();
      const file = join(folder.path, 'life.pcapng');
      await writeFile(file, bytes);
      const options = [...STRICT.flatMap((option) => ['-o', option]), '-d', `udp.port==${udpPort},sctp`];
      expect(await tsharkFields(file, { fields: ['frame.number'], filter: FAULTS, options })).toEqual([]);
      const rows = await tsharkFields(file, { fields: ['sctp.chunk_type'], filter: 'sctp', options });
      const seen = new Set(rows.flatMap(([types = '']) => types.split(',').map(Number)));
      for (const type of [...Object.values(CHUNKS), ...COOKIE_ACK_AND_COMPLETE]) expect(seen).toContain(type);
      const whole = await tsharkFields(file, { fields: ['data.len'], filter: 'sctp.fragments', options });
      expect(whole.flat().map(Number)).toContain(20_000);
    },
  );
});

/** What the server sees: a client that is gone without a word, comes again and closes; then one that aborts. */
async function aWholeLife(host: string): Promise<{ readonly bytes: Uint8Array; readonly udpPort: number }> {
  const nowMs = () => performance.timeOrigin + performance.now();
  const recorder = new TapRecorder({ name: 'life', nowMs, maxBytes: 1024 * 1024 });
  const udp = await openUdpCarrier({ host });
  await using server = openEndpoint({ carrier: tapCarrier(udp, { host, port: udp.port }, recorder.tap) });
  const listener = await server.listen({ port: PORT });
  const limit = { signal: AbortSignal.timeout(10_000) };
  const to = { host, port: PORT, remoteUdpPort: udp.port, localPort: CLIENT_PORT };
  const own = await openUdpCarrier({ host });
  let isGone = false;
  const mute: Carrier = { ...own, send: (packet, target) => isGone || own.send(packet, target) };
  const before = openEndpoint({ carrier: mute });
  await (await before.connect(to, limit)).send(pattern(20_000, 1), { stream: 1 });
  const atServer = await first(listener.associations);
  await take(atServer, 1);
  isGone = true;
  await before[Symbol.asyncDispose]();
  await using again = openEndpoint({ carrier: await openUdpCarrier({ host, port: own.port }) });
  const reborn = await again.connect(to, limit);
  await until(atServer.events, 'restarted');
  await reborn.send(pattern(20_000, 2), { stream: 2 });
  await reborn.close();
  await rest(atServer.events);
  const last = await again.connect(to, limit);
  const lastAtServer = await first(listener.associations);
  last.abort('enough');
  await rest(lastAtServer.events);
  return { bytes: recorder.file(), udpPort: udp.port };
}
