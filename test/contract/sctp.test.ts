import type { Carrier, Timers } from '../../runners/interfaces/sctp/carrier.ts';
import { SYSTEM_TIMERS } from '../../runners/interfaces/sctp/carrier.ts';
import { openEndpoint } from '../../runners/interfaces/sctp/endpoint.ts';
import { impair } from '../../runners/interfaces/sctp/impair.ts';
import { makePipe, PIPE_HOSTS } from '../../runners/interfaces/sctp/pipe.ts';
import { openUdpCarrier } from '../../runners/interfaces/sctp/udp.ts';
import { describeSctp, type EndOptions, type Pair, sctpMessages } from '../support/sctp/conformance.ts';
import { virtualTimers } from '../support/sctp/virtual-timers.ts';

const can = { settings: true, cut: true };

describeSctp('a pipe', {
  ...{ messages: sctpMessages(500), can },
  open: (options) => {
    const timers = virtualTimers();
    const [client, server] = makePipe({ timers });
    return Promise.resolve(pairOf({ client, server, timers }, { host: PIPE_HOSTS[1] }, options));
  },
});

describeSctp('UDP', {
  ...{ messages: sctpMessages(50), can },
  open: async (options) => {
    const [client, server] = [
      await openUdpCarrier({ host: '127.0.0.1' }),
      await openUdpCarrier({ host: '127.0.0.1' }),
    ];
    const towardsServer = { host: '127.0.0.1', remoteUdpPort: server.port };
    return pairOf({ client, server, timers: SYSTEM_TIMERS }, towardsServer, options);
  },
});

describeSctp('UDP over IPv6', {
  ...{ messages: sctpMessages(50), can },
  open: async (options) => {
    const [client, server] = [await openUdpCarrier({ host: '::1' }), await openUdpCarrier({ host: '::1' })];
    const towardsServer = { host: '0:0:0:0:0:0:0:1', remoteUdpPort: server.port };
    return pairOf({ client, server, timers: SYSTEM_TIMERS }, towardsServer, options);
  },
});

function pairOf(
  { client, server, timers }: { readonly client: Carrier; readonly server: Carrier; readonly timers: Timers },
  towardsServer: Pair['towardsServer'],
  { settings = {}, impairment = {} }: EndOptions,
): Pair {
  let isCut = false;
  const open = (carrier: Carrier) => {
    const cuttable: Carrier = { ...carrier, send: (packet, to) => isCut || carrier.send(packet, to) };
    return openEndpoint({ carrier: impair(cuttable, timers, impairment), timers, settings });
  };
  return { client: open(client), server: open(server), towardsServer, cut: () => (isCut = true) };
}
