import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { chooseTransport } from '../../../runners/interfaces/sctp/choose.ts';
import { openSctp } from '../../../runners/interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../../runners/interfaces/sctp/transport-facts.ts';
import type { SctpAssociation, SctpListener, SctpTransport } from '../../../runners/interfaces/sctp/types.ts';
import { findUsrsctp } from '../../../runners/interfaces/sctp/usrsctp-library.ts';
import { RESPONSE_TIME } from '../../../runners/procedures/ap/parameters.ts';
import { transportProtection } from '../../../runners/procedures/ap/protection.ts';
import { freeUdpPort } from '../../../runners/simulators/free-port.ts';
import {
  ProtectedSegment,
  type SegmentAccess,
} from '../../../runners/simulators/security-gateway/protected-segment.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { anEquipment } from '../../support/a-procedure.ts';
import { aPlan, type CaseRun, runCase } from '../../support/bench.ts';

const [HOST, PORT] = ['127.0.0.1', 38_412];
const signal = AbortSignal.timeout(60_000);

interface Given {
  readonly defect?: string;
  /** Which end is the product. */
  readonly product?: 'client' | 'server';
  readonly transport?: string;
  readonly access?: (offered: SegmentAccess) => Partial<SegmentAccess>;
}

/** The case about protection, on a segment whose gateways have that defect. */
async function tested({ defect, product = 'server', transport = 'ts-udp', access }: Given): Promise<CaseRun> {
  await using undo = new Teardown();
  const udpPort = await freeUdpPort(HOST);
  const listener = await undo.use(await udpTransport(transport, udpPort)).listen({ port: PORT });
  const has = (name: string): boolean => name === defect;
  const server = { host: HOST, port: udpPort };
  const segment = await ProtectedSegment.open(HOST, product === 'server' ? { has, server } : { has });
  const client = undo.use(await udpTransport(transport));
  const speak = async (whileUp: (association: SctpAssociation) => Promise<void>): Promise<void> => {
    const remoteUdpPort = product === 'server' ? segment.port : udpPort;
    const own = product === 'server' ? client : segment.carry(client);
    const [accepted, connected] = await Promise.all([
      first(listener),
      own.connect({ host: HOST, port: PORT, remoteUdpPort }, { signal }),
    ]);
    await whileUp(product === 'server' ? connected : accepted);
  };
  const offered = await segment.offer();
  const { cases } = await aPlan('ng-amf');
  const one = cases.find(({ id }) => id === 'SEC-SCAS-004-02');
  if (one === undefined) throw new Error('there is no such case');
  return await runCase({
    ...{ case: one, signal, parameters: { responseTimeMs: 1_000, settleMs: 50 } },
    subjects: [anEquipment({ ixit: { 'transport.taps': { ng: { ...(access?.(offered) ?? offered) } } } })],
    procedure: transportProtection({
      ...{ id: 'any', interface: 'ng', parameters: { responseTimeMs: RESPONSE_TIME } },
      speak: (_, { whileUp }) => speak(whileUp),
    }),
  });
}

async function udpTransport(wanted: string, udpPort?: number): Promise<SctpTransport> {
  const choice = chooseTransport(wanted, readTransportFacts());
  return openSctp(choice, { host: HOST, ...(udpPort === undefined ? {} : { udpPort }) });
}

async function first({ associations }: SctpListener): Promise<SctpAssociation> {
  const next = await associations[Symbol.asyncIterator]().next();
  if (next.done === true) throw new Error('nobody came');
  return next.value;
}

function saw({ judged }: CaseRun): string | undefined {
  return judged?.clauses.find(({ id }) => id === 'replay')?.saw;
}

it.each(['server', 'client'] as const)(
  'sees that the gateway of a %s throws away what it has had, and that one without a window does not',
  async (product) => {
    const right = await tested({ product });
    expect(right).toMatchObject({ finding: 'pass', clauses: { replay: 'pass', sequence: 'pass' } });
    expect(saw(right)).toBe(
      'of 80 packets that were said again, none had an effect; a new HEARTBEAT is answered',
    );
    const wrong = await tested({ product, defect: 'segment-replay-accepted' });
    expect(wrong).toMatchObject({
      finding: 'fail',
      clauses: { protected: 'pass', 'no-clear-text': 'pass', sequence: 'pass', replay: 'fail' },
    });
    expect(saw(wrong)).toMatch(/^of 80 packets that were said again, [1-9]\d* were taken/u);
  },
);

it.skipIf(findUsrsctp() === undefined)('sees the same with usrsctp at both ends', async () => {
  expect((await tested({ transport: 'usrsctp' })).clauses['replay']).toBe('pass');
  const wrong = await tested({ transport: 'usrsctp', defect: 'segment-replay-accepted' });
  expect(saw(wrong)).toMatch(/^of 80 packets that were said again, [1-9]\d* were taken/u);
});

it.each<[string, Given, string]>([
  [
    'nothing can be put onto the segment',
    { access: ({ url }) => ({ url }) },
    'ixit transport.taps.ng has no inject',
  ],
  ['its sender does not count on', { defect: 'segment-sequence-repeated' }, 'have no numbers'],
])('says nothing of what is said again where %s', async (_, given, told) => {
  const run = await tested(given);
  expect(run.clauses['replay']).toBe('none');
  expect(saw(run)).toContain(told);
});

it('does not take it for thrown away when it never passed', async () => {
  const deaf = createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume();
    socket.on('end', () => socket.end());
  });
  deaf.listen(0, HOST);
  await once(deaf, 'listening');
  onTestFinished(() => void deaf.close());
  const { port } = deaf.address() as AddressInfo;
  const run = await tested({ access: (offered) => ({ ...offered, inject: `tcp://${HOST}:${port}` }) });
  expect(run.clauses['replay']).toBe('inconc');
  expect(saw(run)).toContain('0 were seen to pass');
});

it('breaks when nobody listens who could put packets onto the segment', async () => {
  await expect(
    tested({ access: (offered) => ({ ...offered, inject: `tcp://${HOST}:1` }) }),
  ).rejects.toMatchObject({ code: 'INJECTION_FAILED' });
});

it.each([{ inject: 'http://127.0.0.1:80/' }, { inject: 'tcp://127.0.0.1' }, { gateway: 'the gateway' }])(
  'is not supported by the testbed where the equipment file says %j',
  async (wrong) => {
    const run = await tested({ access: (offered) => ({ ...offered, ...wrong }) });
    expect(run).toMatchObject({ finding: 'notSupportedByTestbed', stimulated: false });
  },
);
