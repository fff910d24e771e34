import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../runners/core/connection.ts';
import { readCredentials } from '../../../runners/core/credentials.ts';
import { runnerService } from '../../../src/contract/services.ts';
import type { Digest, RunId } from '../../../src/domain/ids.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { openWireHouse, steadyClock, type WireHouse } from '../../support/wire-house.ts';

const signal = AbortSignal.timeout(120_000);
const SOON = { timeout: 10_000, interval: 25 };
let house: WireHouse;

beforeAll(async () => {
  house = await openWireHouse();
});
afterAll(() => house[Symbol.asyncDispose]());

const stateOf = async (run: RunId) => (await house.store.run(run))?.life.state;
describe('who gets nothing', () => {
  const query = (run: RunId, fence: number) => ({ run, fence, digest: `sha256:${'0'.repeat(64)}` as Digest });

  it('a client without a certificate: TLS ends it', async () => {
    using connection = new Connection(`127.0.0.1:${house.gateway.runnerPort}`, {
      caPem: house.ca.certificatePem,
    });
    await expect(
      connection.call(runnerService.queryEvidence, query('run-x' as RunId, 1), { signal }),
    ).rejects.toMatchObject({ code: 'LINE_DOWN' });
  });

  it('a runner of another testbed, and an old fence', async () => {
    const [mine, foreign] = [await house.aTestbed(), await house.aTestbed()];
    const { run, fence } = await house.aHeldRun(mine);
    await using other = await house.runner(foreign);
    const credentials = (await readCredentials(other.stateDir))!;
    using connection = Connection.of(credentials);
    await expect(
      connection.call(runnerService.queryEvidence, query(run, fence), { signal }),
    ).rejects.toMatchObject({ code: 'STALE_FENCE' });
    const refused = await attachAndSay(connection, [
      { kind: 'accept', run, fence },
      { kind: 'finished', run, fence, lastSeq: 0, tearDownFailure: null, gaveUp: null },
      {
        kind: 'observations',
        batch: {
          run,
          fence,
          observations: [{ seq: 1, at: steadyClock.now(), kind: 'log', level: 'info', text: 'x' }],
        },
      },
    ]);
    expect(refused).toEqual(['STALE_FENCE', 'STALE_FENCE', 'STALE_FENCE']);
    expect(await stateOf(run)).toBe('preparing');
    expect((await house.store.progress(run)).lastSeq).toBe(0);
  });

  it('a revoked runner: its line is cut, its calls are refused', async () => {
    const testbed = await house.aTestbed();
    await using runner = await house.runner(testbed);
    await vi.waitFor(() => expect(runner.attached()).toBe(true), SOON);
    const ended = expect(runner.ended).rejects.toMatchObject({ code: 'CERTIFICATE_REVOKED' });
    await house.store.revokeRunner(runner.identity.runner, steadyClock.now());
    await ended;
  });

  it('a second runner of the same testbed, while the first is there', async () => {
    const testbed = await house.aTestbed();
    await using first = await house.runner(testbed);
    await vi.waitFor(() => expect(first.attached()).toBe(true), SOON);
    await using second = await house.runner(testbed);
    await pause(500, { signal });
    expect(second.attached()).toBe(false);
    await first[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(second.attached()).toBe(true), SOON);
  });

  it('a runner that speaks no common version', async () => {
    const testbed = await house.aTestbed();
    await using runner = await house.runner(testbed);
    using connection = Connection.of((await readCredentials(runner.stateDir))!);
    const stream = connection.attach();
    const error = await new Promise<{ metadata: { get(name: string): unknown[] } }>((resolve) => {
      stream.on('error', (cause) => resolve(cause as never));
      stream.resume();
      stream.write({
        kind: 'hello',
        protocolVersions: [99],
        capabilities: [],
        tools: {},
        knownRuns: [],
        boot: 1,
        slots: 1,
      });
    });
    expect(error.metadata.get('patchbay-code')).toEqual(['PROTOCOL_VERSION']);
  });
});

type Said = Parameters<ReturnType<Connection['attach']>['write']>[0];

/** Attaches by hand (as the same runner, so it takes over), says things, and returns the codes refused. */
async function attachAndSay(connection: Connection, messages: readonly Said[]): Promise<string[]> {
  const stream = connection.attach();
  stream.on('error', () => undefined);
  const codes: string[] = [];
  const done = new Promise<void>((resolve) => {
    stream.on('data', (received: { ok: boolean; value: { kind: string; reason?: { code: string } } }) => {
      if (received.value.kind === 'welcome') for (const message of messages) stream.write(message);
      if (received.value.kind !== 'refused') return;
      codes.push(received.value.reason?.code ?? '');
      if (codes.length === messages.length) resolve();
    });
  });
  stream.write({
    kind: 'hello',
    protocolVersions: [1],
    capabilities: [],
    tools: {},
    knownRuns: [],
    boot: 1,
    slots: 1,
  });
  await done;
  stream.cancel();
  return codes;
}

it('renews at two thirds of its life, over the old certificate', async () => {
  await using short = await openWireHouse({ runnerValidForMs: 6_000 });
  const testbed = await short.aTestbed();
  await using runner = await short.runner(testbed);
  const path = join(runner.stateDir, 'credentials.json');
  const before = await readFile(path, 'utf8');
  await vi.waitFor(async () => expect(await readFile(path, 'utf8')).not.toBe(before), {
    timeout: 15_000,
    interval: 100,
  });
  await vi.waitFor(() => expect(runner.attached()).toBe(true), SOON);
});
