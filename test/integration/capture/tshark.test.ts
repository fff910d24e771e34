import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TapRecorder } from '../../../runners/interfaces/capture/tap-recorder.ts';
import { openSctp } from '../../../runners/interfaces/sctp/open-sctp.ts';
import { openUdpCarrier } from '../../../runners/interfaces/sctp/udp.ts';
import type { TransportName } from '../../../runners/interfaces/sctp/types.ts';
import { readTransportFacts } from '../../../runners/interfaces/sctp/transport-facts.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { type ReadMessage, readMessages } from '../../support/capture/read.ts';
import { e2Conversation } from '../../support/e2/conversation.ts';
import { tappedTalk } from '../../support/capture/tapped-talk.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';

const DATA = ['frame.time_epoch', 'sctp.data_payload_proto_id', 'sctp.data_sid', 'sctp.data_tsn_raw'];
/** SCTP that is put together, with sums checked, as faults of the packets would show. */
const STRICT = ['-o', 'sctp.checksum:TRUE', '-o', 'sctp.reassembly:TRUE', '-o', 'ip.check_checksum:TRUE'];
const facts = readTransportFacts();

describe.skipIf(!hasTshark())('tshark on our captures (needs tshark)', () => {
  const undo: Teardown[] = [];
  afterEach(async () => {
    for (const one of undo.splice(0)) await one[Symbol.asyncDispose]();
  });

  async function stored(bytes: Uint8Array): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-tshark-'));
    const own = new Teardown();
    own.defer(() => rm(folder, { recursive: true, force: true }));
    undo.push(own);
    const file = join(folder, 'e2.pcapng');
    await writeFile(file, bytes);
    return file;
  }

  async function faultsOf(
    file: string,
    decodeAs: readonly string[] = [],
  ): Promise<readonly (readonly string[])[]> {
    const filter =
      '_ws.malformed || sctp.checksum.status == "Bad" || ip.checksum.status == "Bad" || udp.checksum.status == "Bad"';
    const options = [...STRICT, '-o', 'udp.check_checksum:TRUE', ...decodeAs];
    return tsharkFields(file, { fields: ['frame.number'], filter, options });
  }

  it('reads the same messages as we do, also those that were lost, repeated and reordered', async () => {
    const { files } = await tappedTalk({ loss: 0.03, duplication: 0.02, reordering: 0.03, seed: 3 }, 100);
    const file = await stored(files[1]);
    expect(await faultsOf(file)).toEqual([]);
    const rows = await tsharkFields(file, { fields: DATA, filter: 'sctp.data_tsn' });
    const chunks = rows.flatMap(([, , , tsns = '']) => tsns.split(','));
    const { counts } = readMessages(files[1]);
    expect(chunks.length - new Set(chunks).size).toBe(counts.retransmissions);
  });

  it('finds no fault in the SCTP of a conversation on E2, and as many messages as were said', async () => {
    await using ends = await connected('sctp:ts-udp', '127.0.0.1');
    await e2Conversation(ends.client, ends.server);
    const bytes = ends.recorder.file();
    const { messages } = readMessages(bytes);
    const file = await stored(bytes);
    // Of E2AP, Debian 12 knows version 1.
    const options = ['-d', `udp.port==${messages[0]?.to.udpPort},sctp`, '--disable-protocol', 'e2ap'];
    expect(await faultsOf(file, options)).toEqual([]);
    const rows = await tsharkFields(file, { fields: DATA, filter: 'sctp.data_tsn', options });
    const chunks = rows.flatMap(([, ppids = '', , tsns = '']) => {
      const ppid = ppids.split(',');
      return tsns.split(',').map((tsn, index) => `${Number(ppid[index])} ${tsn}`);
    });
    // A busy machine may have repeated some.
    expect(new Set(chunks).size).toBe(messages.length);
    expect(messages.map(({ ppid }) => ppid)).toEqual(messages.map(() => 70));
    expect(chunks.every((chunk) => chunk.startsWith('70 '))).toBe(true);
    expect(messages.length).toBeGreaterThan(40);
  });

  const transports = [
    ['sctp:ts-udp', '127.0.0.1', undefined],
    ['sctp:ts-udp', '::1', undefined],
    ['sctp:usrsctp', '127.0.0.1', facts.usrsctp === undefined ? 'libusrsctp2 is not installed' : undefined],
    ['sctp:ts-raw', '127.0.0.4', facts.raw && !facts.kernel ? undefined : 'no raw socket for SCTP'],
  ] as const;
  for (const [name, host, missing] of transports) {
    it.skipIf(missing !== undefined)(
      `agrees on messages of ${name} at ${host}${missing === undefined ? '' : `: ${missing}`}`,
      async () => {
        const { bytes, sent } = await talkOver(name, host);
        const { messages } = readMessages(bytes);
        expect(messages.map(({ ppid, stream }) => [ppid, stream])).toEqual(sent);
        const file = await stored(bytes);
        const udp = messages[0]?.to.udpPort;
        const options = udp === undefined ? [] : ['-d', `udp.port==${udp},sctp`];
        expect(await faultsOf(file, options)).toEqual([]);
        const rows = await tsharkFields(file, { fields: DATA, filter: 'sctp.data_tsn', options });
        expect(rows.flatMap(rowsOf)).toEqual(messages.map(asRow));
      },
    );
  }
});

/** Such as no protocol of tshark's claims: what is sent makes no sense to any. */
const PPIDS = [70, 0, 0x7ffffff0, 0xffffffff];

/** Four messages over the transport, one after the other; what is in the tap of the end that sends. */
async function talkOver(
  name: Exclude<TransportName, 'pipe'>,
  host: string,
): Promise<{ bytes: Uint8Array; sent: readonly (readonly [number, number])[] }> {
  await using ends = await connected(name, host);
  const messages = ends.server.messages[Symbol.asyncIterator]();
  const sent = PPIDS.map((ppid, stream) => [ppid, stream] as const);
  for (const [ppid, stream] of sent) {
    await ends.client.send(new Uint8Array(200).fill(stream + 1), { ppid, stream });
    await messages.next();
  }
  await ends.client.close();
  return { bytes: ends.recorder.file(), sent };
}

/** Two ends of an association on the loopback, with a tap at that which connects. */
async function connected(name: Exclude<TransportName, 'pipe'>, host: string) {
  const recorder = new TapRecorder({
    name: 'e2',
    nowMs: () => performance.timeOrigin + performance.now(),
    maxBytes: 1024 * 1024,
  });
  const udpPort = await freeUdpPort(host);
  await using undo = new Teardown();
  const listening = undo.use(await openSctp({ name }, { host, udpPort }));
  const clientHost = name === 'sctp:ts-raw' ? '127.0.0.5' : host;
  const connecting = undo.use(await openSctp({ name }, { host: clientHost, tap: recorder.tap }));
  const listener = await listening.listen({ port: 36_421 });
  const accepting = listener.associations[Symbol.asyncIterator]().next();
  const target = { host, port: 36_421, remoteUdpPort: udpPort };
  const client = await connecting.connect(target, { signal: AbortSignal.timeout(5_000) });
  const accepted = await accepting;
  if (accepted.done === true) throw new Error('nobody came');
  const owner = undo.move();
  return {
    ...{ client, server: accepted.value, recorder },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

async function freeUdpPort(host: string): Promise<number> {
  await using carrier = await openUdpCarrier({ host });
  return carrier.port;
}

/** A packet may hold several chunks. */
function rowsOf([time = '', ppids = '', streams = '']: readonly string[]): readonly (readonly string[])[] {
  const stream = streams.split(',');
  return ppids.split(',').map((ppid, index) => [time, `${Number(ppid)}`, `${Number(stream[index])}`]);
}

function asRow({ seconds, nanoseconds, ppid, stream }: ReadMessage): readonly string[] {
  return [`${seconds}.${String(nanoseconds).padStart(9, '0')}`, `${ppid}`, `${stream}`];
}
