import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEndpoint } from '../../runners/interfaces/sctp/endpoint.ts';
import { openKernel } from '../../runners/interfaces/sctp/kernel.ts';
import type { SctpTransport } from '../../runners/interfaces/sctp/types.ts';
import { openUdpCarrier } from '../../runners/interfaces/sctp/udp.ts';
import { openUsrsctp } from '../../runners/interfaces/sctp/usrsctp.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { describeSctp, first, pattern, take, until } from '../support/sctp/conformance.ts';
import { impairLoopback, inGuest } from '../support/sctp/loopback.ts';

// What needs the real SCTP of Linux and a network that is nobody else's: run by `npm run sctp:kernel`, in the guest.

const KERNEL_UDP = 9_899;
const OURS = { 'our stack': openEndpoint, usrsctp: openUsrsctp } as const;
const can = { settings: true, cut: true };

beforeAll(() => writeFileSync('/proc/sys/net/sctp/udp_port', String(KERNEL_UDP)));

describeSctp('the kernel over IPv6', {
  ...{ messages: 100, can },
  open: ({ settings = {}, impairment = {} }) => {
    const host = '::1';
    const open = () => openKernel({ host, settings });
    const ends = { client: open(), server: open(), towardsServer: { host } };
    return Promise.resolve(inGuest(ends, open, impairment));
  },
});

for (const [name, open] of Object.entries(OURS)) {
  for (const host of ['127.0.0.1', '::1']) {
    describeSctp(`UDP to ${host}, from ${name} to the kernel`, {
      ...{ messages: 100, can },
      open: async ({ settings = {}, impairment = {} }) => {
        const carrier = await openUdpCarrier({ host });
        const ends = {
          client: open({ carrier, settings }),
          server: openKernel({ host, settings }),
          towardsServer: { host, remoteUdpPort: KERNEL_UDP },
        };
        const { port } = carrier;
        const reopen = async () => open({ carrier: await openUdpCarrier({ host, port }), settings });
        return inGuest(ends, reopen, impairment);
      },
    });
    describeSctp(`UDP to ${host}, from the kernel to ${name}`, {
      ...{ messages: 100, can },
      open: async ({ settings = {}, impairment = {} }) => {
        const carrier = await openUdpCarrier({ host });
        const openClient = () => openKernel({ host, settings });
        const ends = {
          client: openClient(),
          server: open({ carrier, settings }),
          towardsServer: { host, remoteUdpPort: carrier.port },
        };
        return inGuest(ends, openClient, impairment);
      },
    });
  }
}

describe('an association of the kernel with several addresses', () => {
  const SERVER = ['10.9.0.2', '10.9.1.2', 'fd09::2'] as const;
  const CLIENT = ['10.9.0.1', '10.9.1.1', 'fd09::1'] as const;
  let undo = new Teardown();
  beforeAll(() => {
    impairLoopback({});
    for (const address of [...SERVER, ...CLIENT]) changeAddress('add', address);
  });
  afterEach(async () => {
    await undo[Symbol.asyncDispose]();
    undo = new Teardown();
  });

  async function join() {
    const settings = {
      heartbeatIntervalMs: 50,
      rtoMinMs: 20,
      rtoInitialMs: 50,
      rtoMaxMs: 100,
      pathMaxRetransmits: 1,
    };
    const open = (): SctpTransport =>
      undo.use(openKernel({ settings: { ...settings, associationMaxRetransmits: 50 } }));
    const [client, server] = [open(), open()];
    const listener = undo.use(await server.listen({ port: 36_421, localAddresses: SERVER }));
    const [host, ...addresses] = SERVER;
    const accepted = first(listener.associations);
    const a = await client.connect(
      { host, port: 36_421, addresses, localAddresses: CLIENT },
      { signal: AbortSignal.timeout(10_000) },
    );
    return { a, b: await accepted };
  }

  it('knows all of them at both ends', async () => {
    const { a, b } = await join();
    expect([...(a.peer.addresses ?? [])].sort()).toEqual([...SERVER]);
    expect([...(b.peer.addresses ?? [])].sort()).toEqual([...CLIENT]);
  });

  it('tells which path is down and up again, and carries messages meanwhile', async () => {
    const { a, b } = await join();
    changeAddress('del', SERVER[0]);
    expect(await until(a.events, 'pathDown')).toEqual({ type: 'pathDown', address: SERVER[0] });
    for (let ppid = 0; ppid < 20; ppid += 1) await a.send(pattern(500, ppid), { ppid });
    expect((await take(b, 20)).map(({ ppid }) => ppid)).toEqual(
      Array.from({ length: 20 }, (_, ppid) => ppid),
    );
    changeAddress('add', SERVER[0]);
    expect(await until(a.events, 'pathUp')).toEqual({ type: 'pathUp', address: SERVER[0] });
    await a.close();
  });
});

function changeAddress(what: 'add' | 'del', address: string): void {
  execFileSync('ip', ['addr', what, `${address}/${address.includes(':') ? 128 : 32}`, 'dev', 'lo']);
}
