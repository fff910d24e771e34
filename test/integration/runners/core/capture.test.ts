import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCapture } from '../../../../runners/core/capture.ts';
import { executeRun } from '../../../../runners/core/execute.ts';
import { openEvidenceStore } from '../../../../runners/core/evidence-store.ts';
import { readTools } from '../../../../runners/core/execute-tools.ts';
import { anAssignment, anEquipment, aProcedure } from '../../../support/a-procedure.ts';
import { aRunner } from '../../../support/a-runner.ts';
import { readMessages } from '../../../support/capture/read.ts';
import { openSctp } from '../../../../runners/interfaces/sctp/open-sctp.ts';
import { openUdpCarrier } from '../../../../runners/interfaces/sctp/udp.ts';
import type { Digest } from '../../../../src/domain/ids.ts';

const { signal } = new AbortController();
const tools = await readTools({ signal });
const dumpcap = tools['dumpcap'];
const mayMount = canMount();

let dir: string;
let server: Server;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-capture-'));
  server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

const port = () => (server.address() as AddressInfo).port;
const url = (scheme = 'http') => `${scheme}://127.0.0.1:${port()}`;
const subject = (of: string) => anEquipment({ interfaces: { a1: { endpoint: { url: of } } } });
const exchange = () =>
  new Promise<void>((resolve, reject) => {
    request(`${url()}/the-very-secret-path-of-this-request`, (response) =>
      response.resume().once('end', resolve),
    )
      .once('error', reject)
      .end();
  });

async function freeUdpPort(): Promise<number> {
  await using carrier = await openUdpCarrier({ host: '127.0.0.1' });
  return carrier.port;
}

async function captured(of: string): Promise<Buffer> {
  const started = await makeCapture({ dumpcap }).start(
    { subjects: [subject(of)], file: join(dir, 'x.pcapng') },
    { signal },
  );
  if ('impossible' in started) throw new Error(started.impossible);
  await exchange();
  await started[Symbol.asyncDispose]();
  return readFile(started.file);
}

describe('a capture', () => {
  it.skipIf(dumpcap === undefined)(
    'holds whole packets of end points that speak TLS (needs dumpcap)',
    async () => {
      const file = await captured(url('https'));
      expect(file.readUInt32LE(0)).toBe(0x0a0d0d0a);
      expect(file.toString('latin1')).toContain('the-very-secret-path-of-this-request');
    },
  );

  it.skipIf(dumpcap === undefined)('holds headers only where there is no TLS (needs dumpcap)', async () => {
    const file = await captured(url());
    expect(file.length).toBeGreaterThan(500);
    expect(file.toString('latin1')).not.toContain('the-very');
  });

  it.skipIf(dumpcap === undefined)('is evidence of the case (needs dumpcap)', async () => {
    await using runner = await aRunner([aProcedure(exchange)], { capture: makeCapture({ dumpcap }) });
    await executeRun(anAssignment(undefined, { subjects: [subject(url())] }), runner.deps, { signal });
    const [record] = runner.records;
    expect(record?.evidence.find(({ role }) => role === 'capture')?.bytes).toBeGreaterThan(500);
    expect(record?.fitness.checks).toContainEqual({
      id: 'capture',
      fit: true,
      saw: `dumpcap on lo, ports ${port()}, the first 66 bytes of each packet, for want of TLS, subscribers redacted`,
    });
  });

  it('is made by a transport in user space itself, one for each interface, without any other program', async () => {
    const talk = aProcedure(async (bench, options) => {
      const udpPort = await freeUdpPort();
      await using peer = await openSctp({ name: 'sctp:ts-udp' }, { host: '127.0.0.1', udpPort });
      await peer.listen({ port: 36_421 });
      await using client = await openSctp(
        { name: 'sctp:ts-udp' },
        { host: '127.0.0.1', tap: bench.tap('e2') },
      );
      const target = { host: '127.0.0.1', port: 36_421, remoteUdpPort: udpPort };
      const association = await client.connect(target, options);
      await association.send(Uint8Array.of(1, 2, 3), { ppid: 70, stream: 2 });
      await association.close();
      bench.tap('f1');
    });
    await using runner = await aRunner([talk]);
    await executeRun(anAssignment(), runner.deps, { signal });
    const [record] = runner.records;
    const captures = record?.evidence.filter(({ role }) => role === 'capture') ?? [];
    expect(captures).toHaveLength(1);
    const [capture] = captures;
    const { messages } = readMessages(runner.bytes.get(capture?.digest as Digest) ?? new Uint8Array());
    // Octets that are no message are zeros in what is stored.
    expect(messages.map(({ ppid, stream, bytes }) => [ppid, stream, ...bytes])).toEqual([[70, 2, 0, 0, 0]]);
    const seconds = Math.abs(Number((messages[0]?.timeNs ?? 0n) / 1_000_000n) - Date.now()) / 1000;
    expect(seconds).toBeLessThan(30);
    expect(record?.fitness.checks.find(({ id }) => id === 'capture:e2')?.saw).toMatch(
      /^\d+ whole packets of the transport, subscribers redacted$/u,
    );
  });

  it('says why it cannot be', async () => {
    const start = (options: Parameters<typeof makeCapture>[0], of: string) =>
      makeCapture(options).start({ subjects: [subject(of)], file: join(dir, 'x') }, { signal });
    const no = (text: string) => ({ impossible: `not captured: ${text}` });
    expect(await start({ dumpcap: undefined }, url())).toEqual(no('dumpcap is not installed on the runner'));
    expect(await start({ dumpcap: '1' }, 'nonsense')).toEqual(no('no end point is known'));
    expect(await start({ dumpcap: '1' }, 'http://192.0.2.1')).toEqual(
      no('the testbed names no device to capture on'),
    );
    expect(await start({ dumpcap: '1', device: 'no-such-device' }, 'http://192.0.2.1')).toHaveProperty(
      'impossible',
    );
  });
});

it('the tools of this machine have versions', () => {
  expect(tools['node']).toBe(process.version);
  expect(tools['system']).toContain('linux');
});

it.skipIf(!mayMount)(
  'a full disk is STORE_FULL and loses nothing that was stored (needs to mount)',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir]);
    try {
      const store = await openEvidenceStore(dir);
      const about = { mediaType: 'x/y', role: 'exchange' };
      const small = await store.put(Buffer.from('small'), about);
      await expect(store.put(Buffer.alloc(1_000_000), about)).rejects.toMatchObject({ code: 'STORE_FULL' });
      expect(await store.size(small.digest)).toBe(5);
      expect((await store.put(Buffer.from('fits again'), about)).bytes).toBe(10);
    } finally {
      execFileSync('umount', [dir]);
    }
  },
);

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
