import { afterEach, describe, expect, it } from 'vitest';
import type {
  ConnectOptions,
  SctpAssociation,
  SctpEvent,
  SctpListener,
  SctpMessage,
  SctpTransport,
} from '../../../runners/interfaces/sctp/types.ts';
import type { Impairment } from '../../../runners/interfaces/sctp/impair.ts';
import { seeded } from '../../../runners/interfaces/sctp/impair.ts';
import type { SctpSettings } from '../../../runners/interfaces/sctp/settings.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';

export interface EndOptions {
  readonly settings?: Partial<SctpSettings>;
  readonly impairment?: Impairment;
}

/** Two ends that reach each other. `cut` lets nothing through any more. */
export interface Pair {
  readonly client: SctpTransport;
  readonly server: SctpTransport;
  readonly towardsServer: Omit<ConnectOptions, 'port'>;
  readonly cut: () => void;
  /** The client is gone without a word, and another begins at its address. */
  readonly restart: () => Promise<SctpTransport>;
}

export interface Subject {
  readonly open: (options: EndOptions) => Promise<Pair>;
  /** Why it cannot run here, if so. */
  readonly skip?: string | undefined;
  /** Messages for each stream of the run with losses. */
  readonly messages: number;
  /** What the ends can be told beside the defaults. */
  readonly can: { readonly settings: boolean; readonly cut: boolean };
}

const PORT = 36_421;
const CLIENT_PORT = 40_001;
const POLL = { timeout: 5_000, interval: 5 };
const QUICK = { rtoInitialMs: 60, rtoMinMs: 20, rtoMaxMs: 1_000, sackDelayMs: 20 };
const PPIDS = [0, 60, 62, 70, 0xffffffff];

/** What every transport promises, over a network that loses, repeats and reorders. */
export function describeSctp(name: string, subject: Subject): void {
  describe.skipIf(subject.skip !== undefined)(titleOf(name, subject), () => {
    let undo = new Teardown();
    afterEach(async () => {
      await undo[Symbol.asyncDispose]();
      undo = new Teardown();
    });

    async function open(options: EndOptions = {}): Promise<Pair & { readonly listener: SctpListener }> {
      const pair = await subject.open({ ...options, settings: { ...QUICK, ...options.settings } });
      undo.use(pair.server);
      undo.use(pair.client);
      return { ...pair, listener: undo.use(await pair.server.listen({ port: PORT })) };
    }
    async function join(options: EndOptions = {}) {
      const pair = await open(options);
      const limit = { signal: AbortSignal.timeout(10_000) };
      const accepted = first(pair.listener.associations);
      const a = await pair.client.connect(
        { ...pair.towardsServer, port: PORT, localPort: CLIENT_PORT },
        limit,
      );
      return { ...pair, a, b: await accepted };
    }

    it('carries payload protocol identifiers, streams and bytes as they were given', async () => {
      const { a, b, client, server } = await join();
      expect([a.transport, b.transport]).toEqual([client.name, server.name]);
      const sent = PPIDS.map((ppid, stream) => ({ ppid, stream, bytes: pattern(stream * 100 + 1, stream) }));
      for (const { bytes, ppid, stream } of sent) await a.send(bytes, { ppid, stream });
      const got = await take(b, sent.length);
      const byStream = [...got].sort((left, right) => left.stream - right.stream);
      expect(byStream).toEqual(sent.map((message) => ({ ...message, unordered: false })));
    });

    it('loses, doubles and reorders nothing at 5 % loss, with repeated and reordered packets', async () => {
      const impairment = { loss: 0.05, duplication: 0.02, reordering: 0.02, reorderMs: 3, seed: 7 };
      const { a, b } = await join({ impairment });
      const streams = 4;
      const random = seeded(3);
      const sending = (async () => {
        for (let index = 0; index < subject.messages; index += 1) {
          for (let stream = 0; stream < streams; stream += 1) {
            const bytes = pattern(8 + Math.floor(random() * 200), stream);
            new DataView(bytes.buffer).setUint32(0, index);
            await a.send(bytes, { stream, ppid: index });
          }
        }
      })();
      const expected = Array.from({ length: streams }, () => 0);
      for (const { stream, ppid, bytes } of await take(b, subject.messages * streams)) {
        expect([ppid, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)]).toEqual([
          expected[stream],
          expected[stream],
        ]);
        expected[stream] = (expected[stream] ?? 0) + 1;
      }
      await sending;
      await a.close();
      expect(await rest(b.messages)).toEqual([]);
    });

    it('carries large messages, both ways at once', async () => {
      const { a, b } = await join({ impairment: { loss: 0.01, seed: 5 } });
      const large = pattern(300_000, 1);
      const [atB, atA] = [take(b, 2), take(a, 2)];
      for (const end of [a, b, a, b]) await end.send(large, { stream: 1, ppid: 70 });
      for (const { bytes } of [...(await atB), ...(await atA)]) expect(Buffer.compare(bytes, large)).toBe(0);
    });

    it('carries unordered messages, each once', async () => {
      const { a, b } = await join({ impairment: { loss: 0.05, reordering: 0.1, seed: 9 } });
      const sending = Array.from({ length: 200 }, (_, ppid) =>
        a.send(pattern(500, ppid), { ppid, unordered: true }),
      );
      const got = await take(b, 200);
      await Promise.all(sending);
      expect(got.every(({ unordered }) => unordered)).toBe(true);
      expect(got.map(({ ppid }) => ppid).sort((x, y) => x - y)).toEqual(
        Array.from({ length: 200 }, (_, x) => x),
      );
    });

    it('delivers what is outstanding before a shutdown ends', async () => {
      const { a, b } = await join({ impairment: { loss: 0.05, seed: 11 } });
      for (let ppid = 0; ppid < 300; ppid += 1) await a.send(pattern(400, ppid), { ppid });
      const closing = a.close();
      expect((await rest(b.messages)).map(({ ppid }) => ppid)).toEqual(
        Array.from({ length: 300 }, (_, x) => x),
      );
      await closing;
      expect((await rest(a.events)).at(-1)?.type).toBe('closed');
      // An end may report parameters that it does not know.
      const types = (await rest(b.events)).map(({ type }) => type).filter((type) => type !== 'peerError');
      expect(types).toEqual(['up', 'shutdown', 'closed']);
    });

    it('shows which HEARTBEATs of its user are answered, and how often', async () => {
      const { a, b } = await join();
      for (const { transport, heartbeats } of [a, b]) {
        if (heartbeats === undefined) {
          expect(transport).toBe('sctp:kernel');
          continue;
        }
        const asked = [heartbeats.ask(), heartbeats.ask()];
        await expect.poll(() => asked.map((each) => each?.answers), POLL).toEqual([1, 1]);
      }
      // What the stacks themselves are told by it ends nothing.
      await a.send(pattern(5, 1));
      expect(await take(b, 1)).toHaveLength(1);
    });

    it('tells the other end of an abort', async () => {
      const { a, b } = await join();
      a.abort('enough');
      const lost = (await rest(b.events)).at(-1);
      expect(lost).toMatchObject({ type: 'lost', why: 'peerAborted' });
      await expect(a.send(pattern(1, 1))).rejects.toMatchObject({ code: 'SCTP_ENDED' });
    });

    it('is refused where nobody listens', async () => {
      const { client, towardsServer } = await open();
      const options = { ...towardsServer, port: PORT + 1 };
      await expect(client.connect(options, { signal: AbortSignal.timeout(5_000) })).rejects.toMatchObject({
        code: 'SCTP_REFUSED',
      });
    });

    it('holds the sender back while nobody takes messages, and goes on afterwards', async () => {
      const settings = {
        receiveWindowBytes: 64 * 1024,
        sendBufferBytes: 64 * 1024,
        maxMessageBytes: 32 * 1024,
      };
      const { a, b } = await join(subject.can.settings ? { settings } : {});
      const total = 400;
      let accepted = 0;
      const sending = (async () => {
        for (let ppid = 0; ppid < total; ppid += 1) {
          await a.send(pattern(1_500, ppid), { ppid });
          accepted += 1;
        }
      })();
      await stalls(() => accepted);
      expect(accepted).toBeLessThan(total);
      const got = await take(b, total);
      await sending;
      expect(got.map(({ ppid }) => ppid)).toEqual(Array.from({ length: total }, (_, x) => x));
    });

    it('refuses messages that cannot be sent', async () => {
      const { a } = await join();
      const refused = { code: 'SCTP_MESSAGE_REFUSED' };
      await expect(a.send(new Uint8Array(0))).rejects.toMatchObject(refused);
      await expect(a.send(pattern(1, 1), { stream: a.outStreams })).rejects.toMatchObject(refused);
      await expect(a.send(new Uint8Array(64 * 1024 * 1024))).rejects.toMatchObject(refused);
    });

    it.skipIf(!subject.can.cut)('goes on with a peer that has restarted', async () => {
      const { a, b, restart, towardsServer } = await join();
      await a.send(pattern(100, 1), { ppid: 60, stream: 1 });
      await take(b, 1);
      const reborn = undo.use(await restart());
      const to = { ...towardsServer, port: PORT, localPort: CLIENT_PORT };
      const again = await reborn.connect(to, { signal: AbortSignal.timeout(10_000) });
      await until(b.events, 'restarted');
      for (let ppid = 0; ppid < 20; ppid += 1) {
        await again.send(pattern(300, ppid), { ppid, stream: 1 });
        await b.send(pattern(300, ppid), { ppid, stream: 2 });
      }
      const numbers = Array.from({ length: 20 }, (_, ppid) => ppid);
      for (const end of [again, b]) expect((await take(end, 20)).map(({ ppid }) => ppid)).toEqual(numbers);
      await again.close();
      expect((await rest(b.events)).at(-1)?.type).toBe('closed');
    });

    it('refuses further addresses where the kernel does not carry it', async () => {
      const { client, server, towardsServer } = await open();
      const refused = { code: 'SCTP_TRANSPORT_UNUSABLE' };
      const limit = { signal: AbortSignal.timeout(5_000) };
      const far = { ...towardsServer, port: PORT, addresses: ['127.0.0.9'] };
      const near = { port: PORT + 1, localAddresses: ['127.0.0.1'] };
      if (client.name !== 'sctp:kernel')
        await expect(client.connect(far, limit)).rejects.toMatchObject(refused);
      if (server.name !== 'sctp:kernel') await expect(server.listen(near)).rejects.toMatchObject(refused);
    });

    it.skipIf(!subject.can.cut)('notices that the peer is gone, first the path, then all of it', async () => {
      const settings = {
        heartbeatIntervalMs: 10,
        rtoMinMs: 10,
        rtoInitialMs: 20,
        rtoMaxMs: 20,
        pathMaxRetransmits: 1,
        associationMaxRetransmits: 3,
      };
      const { a, cut } = await join({ settings });
      cut();
      const events = await rest(a.events);
      const types = events.map(({ type }) => type).filter((type) => type !== 'peerError');
      expect(types).toEqual(['up', 'pathDown', 'lost']);
      expect(events.at(-1)).toMatchObject({ why: 'unreachable' });
    });
  });
}

export async function first<T>(items: AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item;
  throw new Error('there was none');
}

/** The first event of that type; those before it are taken, too. */
export async function until(events: AsyncIterable<SctpEvent>, type: SctpEvent['type']): Promise<SctpEvent> {
  for await (const event of events) if (event.type === type) return event;
  throw new Error(`there was no ${type}`);
}

export async function take({ messages }: SctpAssociation, count: number): Promise<readonly SctpMessage[]> {
  const iterator = messages[Symbol.asyncIterator]();
  const got: SctpMessage[] = [];
  while (got.length < count) {
    const next = await iterator.next();
    if (next.done === true) throw new Error(`it ended after ${got.length} of ${count} messages`);
    got.push(next.value);
  }
  return got;
}

export async function rest<T extends SctpEvent | SctpMessage>(
  items: AsyncIterable<T>,
): Promise<readonly T[]> {
  const got: T[] = [];
  for await (const item of items) got.push(item);
  return got;
}

export function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);
}

/** Resolves once `count` has not changed for a while. */
async function stalls(count: () => number): Promise<void> {
  for (let seen = -1; seen !== count();) {
    seen = count();
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** For each stream of the run with losses: few in the suite, 10,000 with `npm run sctp:long`. */
export function sctpMessages(inSuite: number): number {
  return process.env['PATCHBAY_SCTP'] === 'long' ? 10_000 : inSuite;
}

function titleOf(name: string, { skip }: Subject): string {
  return `SCTP over ${name}${skip === undefined ? '' : ` (skipped: ${skip})`}`;
}
