import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KpmVersion } from '../../../../runners/interfaces/e2sm/kpm/types.ts';
import type { ShownMessage } from '../../../../src/app/trace.ts';
import { MESSAGE, messageData } from '../../../../src/evidence/message-log.ts';
import { renderObservations } from '../../../../src/evidence/observations.ts';
import { aTraceMessage } from '../../../support/a-trace.ts';
import { framesOf } from '../../../support/capture/files.ts';
import { ownFile } from '../../../support/capture/read.ts';
import { aTalk, type TalkPacket } from '../../../support/capture/talk.ts';
import { anE2Talk } from '../../../support/e2/talk.ts';
import { hexOf } from '../../../support/e2sm-vectors.ts';
import { runCli } from '../../../support/run-cli.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-trace-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function stored(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, bytes);
  return file;
}

/** The talk of an E2 node with a RIC, each message a packet. */
function e2Packets({
  ppid = 70,
  version = 'v3',
}: { ppid?: number; version?: KpmVersion } = {}): readonly TalkPacket[] {
  const talk = aTalk();
  const next = { a: 100, b: 500 };
  const packets = anE2Talk(version).map(({ by, bytes }) => {
    const from = by === 'node' ? 'a' : 'b';
    const tsn = next[from];
    next[from] += 1;
    return talk.data(from, { tsn, ssn: tsn % 100, ppid, bytes });
  });
  return [...talk.open(), ...packets];
}

async function shown(file: string, ...options: readonly string[]): Promise<readonly ShownMessage[]> {
  const { stdout } = await runCli('trace', 'show', file, '--json', ...options);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ShownMessage);
}

describe('patchbay trace show', () => {
  it('shows messages of a capture with all that is in them, service models included', async () => {
    const file = await stored('e2.pcapng', ownFile(framesOf(e2Packets())));
    const { stdout, stderr, code } = await runCli('trace', 'show', file);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^1 2023-11-14T22:13:20\.127456000Z 0\.000000 192\.0\.2\.1:40001 > 192\.0\.2\.2:36421 E2AP E2setupRequest \(/u,
    );
    for (const text of ['KPM Monitor', 'granulPeriod: 1000', 'measData', 'reportingPeriod: 1000', 'PPID 70'])
      expect(stdout).toContain(text);
    expect(stdout).toMatch(/E2AP RICsubscriptionDeleteRequest.*\n {2}! initiatingMessage/u);
    expect(stderr).toBe('patchbay: 6 messages in 10 frames, 1 associations\n');
  });

  it('gives the same to programs, a line each', async () => {
    const file = await stored('e2.pcapng', ownFile(framesOf(e2Packets())));
    const messages = await shown(file);
    expect(messages.map(({ n, name, kind, faults }) => [n, name, kind, faults.length > 0])).toEqual([
      [1, 'E2setupRequest', 'initiating', false],
      [2, 'E2setupResponse', 'successful', false],
      [3, 'RICsubscriptionRequest', 'initiating', false],
      [4, 'RICsubscriptionResponse', 'successful', false],
      [5, 'RICindication', 'initiating', false],
      [6, 'RICsubscriptionDeleteRequest', 'initiating', true],
    ]);
    expect(messages[1]).toMatchObject({
      t: 0.001,
      association: 1,
      from: '192.0.2.2:36421',
      ppid: 70,
      stream: 0,
    });
    expect((await runCli('trace', 'show', file, '--brief')).stdout.split('\n')).toHaveLength(9);
  });

  it('knows the header of KPM in either version', async () => {
    const file = await stored('e2.pcapng', ownFile(framesOf(e2Packets({ version: 'v2' }))));
    const indication = (await shown(file))[4];
    expect(indication?.faults).toEqual([]);
    expect(JSON.stringify(indication?.tree)).toContain('colletStartTime');
  });

  it('tells the protocol by the port when the identifier says nothing, or takes the one it is given', async () => {
    const packets = e2Packets({ ppid: 0 });
    const onPort = await stored('port.pcapng', ownFile(framesOf(packets)));
    expect((await shown(onPort))[0]?.name).toBe('E2setupRequest');
    const elsewhere = packets.map(moved);
    const file = await stored('elsewhere.pcapng', ownFile(framesOf(elsewhere)));
    expect((await shown(file))[0]).toMatchObject({ protocol: '', name: '' });
    expect((await shown(file, '--protocol', 'e2ap'))[0]?.name).toBe('E2setupRequest');
    const ngap = aTalk().data('a', { tsn: 900, ppid: 60 });
    const other = await stored('ngap.pcapng', ownFile(framesOf([ngap])));
    expect((await shown(other))[0]).toMatchObject({ protocol: 'NGAP', name: '' });
    expect(await shown(other, '--protocol', 'e2ap')).toEqual([]);
  });

  it('shows what a case has logged', async () => {
    const observations = anE2Talk().map(({ bytes }, n) => {
      const { t: _, ...seen } = aTraceMessage({ name: 'E2setupRequest', faults: [] });
      const data = messageData({ ...seen, octets: bytes.length, interface: 'e2', bytes: hexOf(bytes) });
      return { n, t: n / 10, step: 'setup', kind: MESSAGE, data };
    });
    const file = await stored('exchange.ndjson', renderObservations(observations));
    const messages = await shown(file);
    expect(messages.map(({ t }) => t)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(JSON.stringify(messages[0]?.tree)).toContain('KPM Monitor');
  });

  it('writes a diagram', async () => {
    const file = await stored('e2.pcapng', ownFile(framesOf(e2Packets())));
    const svg = join(dir, 'ladder.svg');
    await runCli('trace', 'show', file, '--ladder', svg);
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg [\s\S]*RICindication[\s\S]*<\/svg>\n$/u);
  });

  it('says what is missing, and where a file is cut', async () => {
    const talk = aTalk();
    const packets = [
      ...talk.open(),
      talk.data('a', { tsn: 101 }),
      talk.sack('b', 101),
      talk.data('a', { tsn: 102 }),
      talk.sack('b', 102),
    ];
    const whole = ownFile(framesOf(packets));
    const { stdout, stderr } = await runCli(
      'trace',
      'show',
      await stored('cut.pcapng', whole.subarray(0, -10)),
    );
    expect(stdout).toContain('-- 1 DATA chunks are not in the capture');
    expect(stderr).toMatch(
      /1 DATA chunks arrived and are not in the capture\npatchbay: the file ends inside of a record, at offset \d+\n/u,
    );
  });

  it.each<readonly [string, { text?: string; options?: readonly string[]; code: string }]>([
    ['a file that is no capture', { text: 'text', code: 'CAPTURE_INVALID' }],
    ['broken observations', { text: '{"n":1}\n', code: 'EVIDENCE_CORRUPT' }],
    ['an unknown protocol', { options: ['--protocol', 'gtp'], code: 'WRONG_USE' }],
    ['a port that is none', { options: ['--udp-port', '70000'], code: 'WRONG_USE' }],
  ])('refuses %s', async (_, { text = '', options = [], code }) => {
    const file = await stored('file', new TextEncoder().encode(text));
    await expect(runCli('trace', 'show', file, ...options)).rejects.toMatchObject({ code });
  });

  it('refuses a file that is not there', async () => {
    await expect(runCli('trace', 'show', join(dir, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

/** The same on ports of no protocol. */
function moved({ from, bytes }: TalkPacket): TalkPacket {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  view.setUint16(from === 'a' ? 2 : 0, 5_000);
  view.setUint32(8, 0);
  return { from, bytes: copy };
}
