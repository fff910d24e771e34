import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KpmVersion } from '../../../../runners/interfaces/e2sm/kpm/types.ts';
import { encodeMobility } from '../../../../runners/interfaces/nas/codec.ts';
import { encodeIdentity, nullSchemeSuci } from '../../../../runners/interfaces/nas/identity.ts';
import { makeReadingProgress } from '../../../../src/app/reading-progress.ts';
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
import { Octets } from '../../../support/signalling/octets.ts';

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

describe('patchbay trace redact', () => {
  it('writes a capture without identities, tells what it did, and leaves a file alone that is there', async () => {
    const talk = aTalk();
    const suci = encodeMobility('RegistrationRequest', {
      ...{ registrationType: 1, ngKsi: 7 },
      mobileIdentity: encodeIdentity(nullSchemeSuci('00101', '0123456789')),
    });
    const bytes = new Octets(2).of('NGAP', 'InitialUEMessage', { 'NAS-PDU': suci });
    const packets = [...talk.open(), talk.data('a', { tsn: 100, ssn: 0, ppid: 60, bytes })];
    const file = await stored('ng.pcapng', ownFile(framesOf(packets)));
    const out = join(dir, 'redacted.pcapng');
    const { stdout, code } = await runCli('trace', 'redact', file, '--out', out);
    expect([stdout, code]).toEqual([
      '5 of 5 frames written, 1 messages read\n0 chunks that cannot be read are zeros, 0 frames left out\n',
      0,
    ]);
    const [before, after] = [await readFile(file, 'hex'), await readFile(out, 'hex')];
    const msin = Buffer.from(suci).toString('hex').slice(-10);
    expect([before.includes(msin), after.includes(msin)]).toEqual([true, false]);
    expect((await shown(out)).map(({ name }) => name)).toEqual(['InitialUEMessage']);
    await expect(runCli('trace', 'redact', file, '--out', out)).rejects.toMatchObject({ code: 'WRONG_USE' });
    expect(await readFile(out, 'hex')).toBe(after);
    const json = await runCli('trace', 'redact', file, '--out', join(dir, 'again.pcapng'), '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ file, written: 5, messages: 1, masked: 0, leftOut: 0 });
  });
});

describe('patchbay trace judge', () => {
  it.each<readonly [string, readonly string[]]>([
    ['neither a file nor a device', []],
    ['both', ['file.pcapng', '--live', 'lo']],
    ['a live capture that is said to be complete', ['--live', 'lo', '--complete']],
  ])('refuses %s', async (_, options) => {
    const judging = runCli('trace', 'judge', ...options, '--plan', 'e2-pair');
    await expect(judging).rejects.toMatchObject({ code: 'WRONG_USE' });
  });
});

describe('what shows how far a file was read', () => {
  it('is a bar on a terminal, for a large file, and nothing elsewhere', async () => {
    const large = await stored('large', new Uint8Array(10_000_000));
    let said = '';
    const io = { isTty: true, stderr: (text: string) => void (said += text) };
    const bar = await makeReadingProgress(io, large);
    for (const bytes of [2_500_000, 2_500_001, 10_000_000]) bar.show(bytes);
    bar.done();
    expect(said.split('\r\u001b[2K')).toEqual([
      '',
      `${'█'.repeat(6)}${'░'.repeat(18)} 25 % of 10 MB`,
      `${'█'.repeat(24)} 100 % of 10 MB`,
      '',
    ]);
    said = '';
    const small = await stored('small', new Uint8Array(1_000));
    for (const progress of [
      await makeReadingProgress({ ...io, isTty: false }, large),
      await makeReadingProgress(io, small),
    ]) {
      progress.show(1_000);
      progress.done();
    }
    expect(said).toBe('');
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
