import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { captureHead, capturedPacket } from '../../../runners/interfaces/capture/write-capture.ts';
import { ipPacketAround } from '../../../runners/interfaces/capture/write-ip.ts';
import { sealEsp, type SecurityAssociation } from '../../../runners/interfaces/esp/esp.ts';
import { chooseTransport } from '../../../runners/interfaces/sctp/choose.ts';
import { openSctp } from '../../../runners/interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../../runners/interfaces/sctp/transport-facts.ts';
import type { SctpTransport } from '../../../runners/interfaces/sctp/types.ts';
import { type SegmentSeen, SegmentReader } from '../../../runners/interfaces/trace/segment-reader.ts';
import { openTap } from '../../../runners/procedures/ap/segment-tap.ts';
import { Blocked } from '../../../runners/procedures/procedure.ts';
import { freeUdpPort } from '../../../runners/simulators/free-port.ts';
import { ProtectedSegment } from '../../../runners/simulators/security-gateway/protected-segment.ts';
import type { EquipmentId } from '../../../src/domain/ids.ts';
import { tappedTalk } from '../../support/capture/tapped-talk.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';

const HOST = '127.0.0.1';
const [E2AP_PPID, PORT, MESSAGES] = [70, 36_421, 20];
const ID = 'product' as EquipmentId;
const signal = AbortSignal.timeout(20_000);

async function udpTransport(udpPort?: number): Promise<SctpTransport> {
  const choice = chooseTransport('ts-udp', readTransportFacts());
  const transport = await openSctp(choice, { host: HOST, ...(udpPort === undefined ? {} : { udpPort }) });
  onTestFinished(() => transport[Symbol.asyncDispose]());
  return transport;
}

/** Twenty messages through a segment whose gateways have that defect, and what somebody who taps it sees. */
async function tappedTalkThrough(defect?: string): Promise<{ heard: number; seen: SegmentSeen }> {
  const udpPort = await freeUdpPort(HOST);
  const listener = await (await udpTransport(udpPort)).listen({ port: PORT });
  const segment = await ProtectedSegment.open(HOST, { has: (name) => name === defect });
  const product = { id: ID, ixit: { 'transport.taps': { e2: { url: (await segment.offer()).url } } } };
  await using tap = await openTap(product, 'e2', { signal });
  const client = segment.carry(await udpTransport());
  const accepted = listener.associations[Symbol.asyncIterator]().next();
  const association = await client.connect({ host: HOST, port: PORT, remoteUdpPort: udpPort }, { signal });
  const came = await accepted;
  if (came.done === true) throw new Error('nobody came');
  for (let index = 0; index < MESSAGES; index += 1)
    await association.send(Uint8Array.of(0, 1, 2, index), { ppid: E2AP_PPID });
  let heard = 0;
  const messages = came.value.messages[Symbol.asyncIterator]();
  for (; heard < MESSAGES; heard += 1) await messages.next();
  return { heard, seen: await tap.end() };
}

it('carries SCTP between two gateways, and shows nothing of it to who taps', async () => {
  const { heard, seen } = await tappedTalkThrough();
  expect(heard).toBe(MESSAGES);
  expect(seen).toMatchObject({ clear: {}, dtls: 0 });
  expect(seen.esp.map(({ repeated, readable }) => ({ repeated, readable }))).toEqual([
    { repeated: 0, readable: 0 },
    { repeated: 0, readable: 0 },
  ]);
});

it.each([
  ['segment-unprotected', { isClear: true, isReadable: false, isRepeated: false }],
  ['segment-readable', { isClear: true, isReadable: true, isRepeated: false }],
  ['segment-sequence-repeated', { isClear: false, isReadable: false, isRepeated: true }],
])('sees what %s does wrong', async (defect, expected) => {
  const { heard, seen } = await tappedTalkThrough(defect);
  expect(heard).toBe(MESSAGES);
  expect({
    isClear: seen.clear['E2AP'] === MESSAGES,
    isReadable: seen.esp.some(({ readable, packets }) => readable === packets),
    isRepeated: seen.esp.some(({ repeated }) => repeated > 0),
  }).toEqual(expected);
});

it('counts what is said in the clear on IP, by protocol', async () => {
  const { files } = await tappedTalk({}, 12);
  const reader = new SegmentReader();
  reader.push(files[0]);
  expect(reader.seen()).toMatchObject({ clear: { E2AP: 12 }, esp: [], dtls: 0 });
});

it('says that there is no tap, or that nobody serves it now', async () => {
  const dead = { id: ID, ixit: { 'transport.taps': { f1: { url: 'http://127.0.0.1:1/' } } } };
  for (const [product, disposition, told] of [
    [dead, 'blocked', 'cannot be read'],
    [{ id: ID, ixit: {} }, 'notSupportedByTestbed', 'has no transport.taps.f1.url'],
  ] as const) {
    const failed = await openTap(product, 'f1', { signal }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Blocked);
    expect(failed).toMatchObject({
      disposition,
      message: expect.stringContaining(told) as string,
    });
  }
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it.skipIf(!hasTshark())('makes ESP that tshark deciphers', async () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => 7 * index);
  const salt = Uint8Array.of(1, 2, 3, 4);
  const association: SecurityAssociation = { spi: 0x1234, transform: { kind: 'aes-gcm', key, salt } };
  const outer = { host: '192.0.2.1', udpPort: 4_500 };
  const inner = { host: '10.0.0.1', udpPort: 50_000 };
  const carried = [1, 2, 3].map((n) => ipPacketAround(Uint8Array.of(1, 2, 3, n), inner, inner));
  const packets = carried.map((payload, index) => {
    const packet = sealEsp(association, { sequence: index + 1, nextHeader: 4, payload });
    return capturedPacket(ipPacketAround(packet, outer, { ...outer, host: '192.0.2.2' }), 0n);
  });
  await using folder = await scratchFolder();
  const file = join(folder.path, 'esp.pcapng');
  await writeFile(file, Buffer.concat([captureHead([{ name: 'x' }]), ...packets]));
  const sa = `"IPv4","*","*","0x00001234","AES-GCM [RFC4106]","0x${hex(key)}${hex(salt)}","NULL",""`;
  const rows = await tsharkFields(file, {
    fields: ['esp.sequence', 'data.data'],
    options: ['-o', 'esp.enable_encryption_decode:TRUE', '-o', `uat:esp_sa:${sa}`],
  });
  // It shows the trailer and the check value behind what is carried.
  expect(rows.map(([sequence, data = '']) => [sequence, data.slice(0, 2 * 32)])).toEqual(
    carried.map((payload, index) => [`${index + 1}`, hex(payload)]),
  );
});
