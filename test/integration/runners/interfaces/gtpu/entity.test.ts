import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturedPacket, captureHead } from '../../../../../runners/interfaces/capture/write-capture.ts';
import { ipPacketAround } from '../../../../../runners/interfaces/capture/write-ip.ts';
import { encodeElements } from '../../../../../runners/interfaces/gtpu/elements.ts';
import { GtpuEntity, type TunnelledPacket } from '../../../../../runners/interfaces/gtpu/entity.ts';
import { decodeEcho, encodeEcho } from '../../../../../runners/interfaces/gtpu/icmp.ts';
import { encodeGtpu, GTPU_PORT, GTPU_TYPE } from '../../../../../runners/interfaces/gtpu/packet.ts';
import {
  encodePduSession,
  PDU_SESSION_CONTAINER,
} from '../../../../../runners/interfaces/gtpu/pdu-session.ts';
import { Teardown } from '../../../../../src/kernel/teardown.ts';
import { scratchFolder } from '../../../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../../../support/tshark.ts';

const LIMIT = { withinMs: 5_000, signal: new AbortController().signal };
const PING = { from: '10.45.0.2', to: '10.45.0.1', identifier: 1, sequence: 1, data: new Uint8Array(16) };

it('answers echo requests, and says so when nobody does', async () => {
  await using undo = new Teardown();
  const one = undo.use(await GtpuEntity.open({ host: '127.0.0.1', port: 0 }));
  const other = await GtpuEntity.open({ host: '127.0.0.1', port: 0 });
  const nobody = { host: '127.0.0.1', port: other.port };
  try {
    expect(await one.echo(nobody, LIMIT)).toBeGreaterThan(0);
  } finally {
    await other[Symbol.asyncDispose]();
  }
  await expect(one.echo(nobody, { ...LIMIT, withinMs: 100 })).rejects.toMatchObject({ code: 'DEADLINE' });
});

it('carries a ping through a tunnel and back', async () => {
  await using undo = new Teardown();
  const ran = undo.use(await GtpuEntity.open({ host: '127.0.0.1', port: 0 }));
  const upf = undo.use(await GtpuEntity.open({ host: '127.0.0.1', port: 0 }));
  const [toRan, toUpf] = [ran, upf].map(({ port }) => ({ host: '127.0.0.1', port }));
  if (toRan === undefined || toUpf === undefined) throw new Error('two entities are open');
  upf.openTunnel(0x11, ({ packet }) => {
    const echo = decodeEcho(packet);
    if (echo?.kind !== 'request') return;
    const reply = encodeEcho({ ...echo, kind: 'reply', from: echo.to, to: echo.from });
    const information = { way: 'downlink', qfi: 1, reflective: false, pagingPolicy: null } as const;
    void upf.send(toRan, { teid: 0x22, packet: reply, information });
  });
  const came = new Promise<TunnelledPacket>((resolve) => {
    ran.openTunnel(0x22, resolve);
  });
  const packet = encodeEcho({ ...PING, kind: 'request' });
  await ran.send(toUpf, { teid: 0x11, packet, information: { way: 'uplink', qfi: 1 } });
  const { packet: reply, information } = await came;
  expect(decodeEcho(reply)).toEqual({ ...PING, kind: 'reply', from: PING.to, to: PING.from });
  expect(information).toMatchObject({ way: 'downlink', qfi: 1 });
});

it('says which tunnel it does not know, at the port where everybody listens', async () => {
  await using undo = new Teardown();
  const upf = undo.use(await GtpuEntity.open({ host: '127.0.0.1', port: 0 }));
  let tell: (teid: number) => void = () => undefined;
  const heard = new Promise<number>((resolve) => (tell = resolve));
  const ran = undo.use(
    await GtpuEntity.open({
      ...{ host: '127.0.0.9', port: GTPU_PORT },
      onErrorIndication: ({ teid }) => {
        tell(teid);
      },
    }),
  );
  await ran.send(
    { host: '127.0.0.1', port: upf.port },
    { teid: 0xdead_beef, packet: encodeEcho({ ...PING, kind: 'request' }), information: null },
  );
  expect(await heard).toBe(0xdead_beef);
});

it('hears that nothing more comes in a tunnel, also of one that it has closed', async () => {
  await using undo = new Teardown();
  let tell: (teid: number) => void = () => undefined;
  const heard = new Promise<number>((resolve) => (tell = resolve));
  const onEndMarker = ({ teid }: { readonly teid: number }): void => tell(teid);
  const old = undo.use(await GtpuEntity.open({ host: '127.0.0.1', port: 0, onEndMarker }));
  const upf = undo.use(await GtpuEntity.open({ host: '127.0.0.1', port: 0 }));
  old.openTunnel(7, () => undefined);
  old.closeTunnel(7);
  await upf.endMarker({ host: '127.0.0.1', port: old.port }, 7);
  expect(await heard).toBe(7);
});

describe('read by Wireshark', () => {
  it.skipIf(!hasTshark())('nothing is malformed, and the ping is seen inside', async () => {
    await using folder = await scratchFolder();
    const information = encodePduSession({ way: 'uplink', qfi: 9 });
    const plain = { teid: 0, sequence: 1, nPdu: null, extensions: [] };
    const packets = [
      { ...plain, type: GTPU_TYPE.echoRequest, payload: new Uint8Array() },
      {
        ...{ ...plain, type: GTPU_TYPE.echoResponse },
        payload: encodeElements([{ type: 14, value: Uint8Array.of(0) }]),
      },
      {
        ...{ ...plain, type: GTPU_TYPE.gPdu, teid: 7, sequence: null },
        extensions: [{ type: PDU_SESSION_CONTAINER, content: information }],
        payload: encodeEcho({ ...PING, kind: 'request' }),
      },
      {
        ...{ ...plain, type: GTPU_TYPE.errorIndication },
        payload: encodeElements([
          { type: 16, value: Uint8Array.of(0, 0, 0, 7) },
          { type: 133, value: Uint8Array.of(127, 0, 0, 1) },
        ]),
      },
      { ...plain, type: GTPU_TYPE.endMarker, teid: 7, sequence: null, payload: new Uint8Array() },
    ];
    const hop = (host: string) => ({ host, udpPort: GTPU_PORT });
    const framed = packets.map((packet, index) =>
      capturedPacket(ipPacketAround(encodeGtpu(packet), hop('192.0.2.1'), hop('192.0.2.2')), BigInt(index)),
    );
    const file = join(folder.path, 'gtpu.pcapng');
    await writeFile(file, Buffer.concat([captureHead([{ name: 'n3' }]), ...framed]));
    const rows = await tsharkFields(file, {
      fields: ['gtp.message', 'gtp.ext_hdr.pdu_ses_con.qos_flow_id', 'icmp.checksum.status', '_ws.malformed'],
    });
    expect(rows.map(([type]) => Number(type))).toEqual([1, 2, 255, 26, 254]);
    expect(rows[2]?.slice(1, 3)).toEqual(['9', '1']);
    expect(rows.map((row) => row[3])).toEqual(['', '', '', '', '']);
  });
});
