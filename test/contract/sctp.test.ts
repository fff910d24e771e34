import { describe, expect, it } from 'vitest';
import type { Carrier, Timers } from '../../runners/interfaces/sctp/carrier.ts';
import { SYSTEM_TIMERS } from '../../runners/interfaces/sctp/carrier.ts';
import { openEndpoint } from '../../runners/interfaces/sctp/endpoint.ts';
import { impair } from '../../runners/interfaces/sctp/impair.ts';
import { openKernel } from '../../runners/interfaces/sctp/kernel.ts';
import { makePipe, PIPE_HOSTS } from '../../runners/interfaces/sctp/pipe.ts';
import { CHUNK } from '../../runners/interfaces/sctp/chunks.ts';
import { CHECKSUM_AT, HEADER_BYTES, readPacket } from '../../runners/interfaces/sctp/packet-reader.ts';
import { writeChunk, writePacket } from '../../runners/interfaces/sctp/packet-writer.ts';
import { openRawCarrier } from '../../runners/interfaces/sctp/raw.ts';
import { openUdpCarrier } from '../../runners/interfaces/sctp/udp.ts';
import { findUsrsctp } from '../../runners/interfaces/sctp/usrsctp-library.ts';
import { openUsrsctp } from '../../runners/interfaces/sctp/usrsctp.ts';
import { hasKernelSctp } from '../../runners/interfaces/sctp/transport-facts.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import {
  describeSctp,
  type EndOptions,
  first as firstOf,
  type Pair,
  sctpMessages,
  take,
} from '../support/sctp/conformance.ts';
import { inGuest, isInGuest } from '../support/sctp/loopback.ts';
import { virtualTimers } from '../support/sctp/virtual-timers.ts';

const can = { settings: true, cut: true };
const skip = findUsrsctp() === undefined ? 'libusrsctp2 is not installed' : undefined;
const BOTH_OURS = { client: openEndpoint, server: openEndpoint };

describeSctp('a pipe', {
  ...{ messages: sctpMessages(500), can },
  open: (options) => {
    const timers = virtualTimers();
    const [client, server] = makePipe({ timers });
    const ends = { client, server, timers, reopen: () => client };
    return Promise.resolve(pairOf(ends, { host: PIPE_HOSTS[1] }, options));
  },
});

describeSctp('UDP', {
  ...{ messages: sctpMessages(100), can },
  open: (options) => overUdp('127.0.0.1', options, BOTH_OURS),
});

describeSctp('UDP over IPv6', {
  ...{ messages: sctpMessages(30), can },
  open: (options) => overUdp('::1', options, BOTH_OURS),
});

const noRaw = await whyNoRaw();

describeSctp('IP', {
  ...{ messages: sctpMessages(30), can, skip: noRaw },
  open: (options) => overIp(['127.0.0.2', '127.0.0.3'], options, BOTH_OURS),
});

describe('IP within a host', () => {
  it.skipIf(noRaw !== undefined)(
    'takes packets from which their stack has left out the checksum',
    async () => {
      await using client = openRawCarrier({ host: '127.0.0.8' });
      await using server = openRawCarrier({ host: '127.0.0.9' });
      const packet = writePacket({ sourcePort: 1, destinationPort: 2, tag: 3 }, [
        writeChunk(CHUNK.cookieAck),
      ]);
      packet.fill(0, CHECKSUM_AT, HEADER_BYTES);
      const came = new Promise<Uint8Array>((resolve) => server.receive(resolve));
      client.receive(() => {});
      client.send(packet, { host: '127.0.0.9', port: 0 });
      expect(readPacket(await came)).toMatchObject({ ok: true, value: { tag: 3 } });
    },
  );
});

describe.each([
  { stack: 'our stack', openOn: openEndpoint, hosts: ['127.0.0.10', '127.0.0.11'], lacks: noRaw },
  { stack: 'usrsctp', openOn: openUsrsctp, hosts: ['127.0.0.12', '127.0.0.13'], lacks: skip ?? noRaw },
])('IP by $stack, several end points of a process on one address', ({ openOn, hosts, lacks }) => {
  const [here = '', there = ''] = hosts;
  it.skipIf(lacks !== undefined)(
    'leave the associations of each other alone, and refuse what is for none of them',
    async () => {
      const at = (host: string) => openOn({ carrier: openRawCarrier({ host }) });
      await using one = at(here);
      await using other = at(here);
      await using peer = at(there);
      const within = { signal: AbortSignal.timeout(5_000) };
      const theirs = await peer.listen({ port: 5_001 });
      const ours = await other.listen({ port: 6_001 });
      const first = await one.connect({ host: there, port: 5_001 }, within);
      const second = await other.connect({ host: there, port: 5_001 }, within);
      const third = await peer.connect({ host: here, port: 6_001 }, within);
      for (const [from, to] of [
        [first, await firstOf(theirs.associations)],
        [second, await firstOf(theirs.associations)],
        [third, await firstOf(ours.associations)],
      ] as const) {
        await from.send(Uint8Array.of(1), { ppid: 60 });
        await to.send(Uint8Array.of(2), { ppid: 60 });
        expect(await take(to, 1)).toMatchObject([{ bytes: Uint8Array.of(1) }]);
        expect(await take(from, 1)).toMatchObject([{ bytes: Uint8Array.of(2) }]);
      }
      await expect(peer.connect({ host: here, port: 7_001 }, within)).rejects.toThrow(
        'aborted the association',
      );
    },
  );
});

describeSctp('usrsctp on IP', {
  ...{ messages: sctpMessages(30), can, skip: skip ?? noRaw },
  open: (options) =>
    overIp(['127.0.0.4', '127.0.0.5'], options, { client: openUsrsctp, server: openUsrsctp }),
});

describeSctp('IP, from usrsctp to our stack', {
  ...{ messages: sctpMessages(30), can, skip: skip ?? noRaw },
  open: (options) =>
    overIp(['127.0.0.6', '127.0.0.7'], options, { client: openUsrsctp, server: openEndpoint }),
});

describeSctp('usrsctp in UDP', {
  ...{ messages: sctpMessages(30), can, skip },
  open: (options) => overUdp('127.0.0.1', options, { client: openUsrsctp, server: openUsrsctp }),
});

describeSctp('UDP, from our stack to usrsctp', {
  ...{ messages: sctpMessages(30), can, skip },
  open: (options) => overUdp('127.0.0.1', options, { client: openEndpoint, server: openUsrsctp }),
});

describeSctp('UDP, from usrsctp to our stack', {
  ...{ messages: sctpMessages(30), can, skip },
  open: (options) => overUdp('127.0.0.1', options, { client: openUsrsctp, server: openEndpoint }),
});

describeSctp('the kernel', {
  messages: sctpMessages(30),
  can: { settings: true, cut: isInGuest() },
  skip: hasKernelSctp() ? undefined : 'the kernel does not speak SCTP',
  open: (options) => overKernel('127.0.0.1', options),
});

/** Only the guest may be given a bad network. */
function overKernel(host: string, { settings = {}, impairment = {} }: EndOptions): Promise<Pair> {
  const openClient = () => openKernel({ host, settings });
  const ends = { client: openClient(), server: openKernel({ host, settings }), towardsServer: { host } };
  return Promise.resolve(isInGuest() ? inGuest(ends, openClient, impairment) : withoutFaults(ends));
}

function withoutFaults(ends: Omit<Pair, 'cut' | 'restart'>): Pair {
  const never = (): never => {
    throw new Error('only in the guest');
  };
  return { ...ends, cut: never, restart: never };
}

/** Two raw sockets that reach each other want the right to have them, and a kernel that leaves SCTP to us. */
async function whyNoRaw(): Promise<string | undefined> {
  try {
    await openRawCarrier({ host: '127.0.0.2' })[Symbol.asyncDispose]();
    return hasKernelSctp() ? 'the kernel answers SCTP itself' : undefined;
  } catch (error) {
    return HarnessError.from(error).message;
  }
}

interface Stacks {
  readonly client: typeof openEndpoint;
  readonly server: typeof openEndpoint;
}

interface Ends {
  readonly client: Carrier;
  readonly server: Carrier;
  readonly timers: Timers;
  /** Another carrier at the address of the client, which has been closed. */
  readonly reopen: () => Promise<Carrier> | Carrier;
  readonly stacks?: Stacks;
}

function overIp([from, to]: readonly [string, string], options: EndOptions, stacks: Stacks): Promise<Pair> {
  const [client, server] = [openRawCarrier({ host: from }), openRawCarrier({ host: to })];
  const reopen = () => openRawCarrier({ host: from });
  return Promise.resolve(
    pairOf({ client, server, timers: SYSTEM_TIMERS, reopen, stacks }, { host: to }, options),
  );
}

async function overUdp(host: string, options: EndOptions, stacks: Stacks): Promise<Pair> {
  const [client, server] = [await openUdpCarrier({ host }), await openUdpCarrier({ host })];
  const towardsServer = { host, remoteUdpPort: server.port };
  const reopen = () => openUdpCarrier({ host, port: client.port });
  return pairOf({ client, server, timers: SYSTEM_TIMERS, reopen, stacks }, towardsServer, options);
}

function pairOf(ends: Ends, towardsServer: Pair['towardsServer'], options: EndOptions): Pair {
  const { client, server, timers, stacks = BOTH_OURS } = ends;
  const { settings = {}, impairment = {} } = options;
  let isCut = false;
  const wrap = (carrier: Carrier) => {
    const cuttable: Carrier = { ...carrier, send: (packet, to) => isCut || carrier.send(packet, to) };
    return { carrier: impair(cuttable, timers, impairment), timers, settings };
  };
  const first = stacks.client(wrap(client));
  return {
    client: first,
    server: stacks.server(wrap(server)),
    towardsServer,
    cut: () => (isCut = true),
    restart: async () => {
      isCut = true;
      await first[Symbol.asyncDispose]();
      isCut = false;
      return stacks.client(wrap(await ends.reopen()));
    },
  };
}
