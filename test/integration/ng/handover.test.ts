import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NGAP_PPID, outgoing } from '../../../runners/interfaces/ngap/codec.ts';
import type { Outgoing } from '../../../runners/interfaces/ngap/types.ts';
import { numberIn } from '../../../runners/interfaces/ngap/values.ts';
import type { GnbBehaviour } from '../../../runners/simulators/gnb/behaviour.ts';
import {
  handOver,
  handoverRequired,
  type HandoverTarget,
} from '../../../runners/simulators/gnb/handover-source.ts';
import { arrive } from '../../../runners/simulators/gnb/handover-target.ts';
import type { RanFact } from '../../../runners/simulators/gnb/core.ts';
import type { RanUe } from '../../../runners/simulators/gnb/ran-ue.ts';
import { cellOf } from '../../../runners/simulators/gnb/settings.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { type GnbAndAmfOptions, inTime, openAmf } from '../../support/ng/gnb-and-amf.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';
import { captureOf, UDP_PORT } from '../../tshark/capture.ts';

type House = Awaited<ReturnType<typeof openAmf>>;
type Node = Awaited<ReturnType<House['gnb']>>;

const SESSION = { id: 1, dnn: 'internet', slice: { sst: 1, sd: 0x010203 } };
const TO = '10.45.0.1';

let undo: Teardown;

beforeEach(() => {
  undo = new Teardown();
});

afterEach(async () => {
  await undo[Symbol.asyncDispose]();
});

/** Two gNBs of one AMF, and a UE with a session at the first. */
async function twoNodes(options: GnbAndAmfOptions = {}, behaves: Partial<GnbBehaviour> = {}) {
  const house = undo.use(await openAmf(options));
  const source = undo.use(await house.gnb(1));
  const target = undo.use(await house.gnb(2, behaves));
  const ue = house.ueOf(source.gnb);
  ue.run(ue.ue.register());
  await happens(ue, 'registered');
  ue.run(ue.ue.establishSession(SESSION));
  await happens(ue, 'session-up');
  return { house, source, target, ue };
}

function happens(ue: RanUe, name: RanFact['fact'], from = 0) {
  return expect(ue.waitFor(({ fact }) => fact === name, { ...inTime(), from })).resolves.not.toBeNull();
}

function at({ gnb: { settings } }: Node): HandoverTarget {
  return { gnb: { id: settings.id, bits: settings.idBits }, cell: cellOf(settings) };
}

/** Keeps back messages of that name, until they are let go. */
function holding(name: Outgoing['name']) {
  const held: Outgoing[] = [];
  const sends = (message: Outgoing): readonly Outgoing[] => {
    if (message.name !== name) return [message];
    held.push(message);
    return [];
  };
  return { held, sends };
}

const until = (check: () => boolean) => expect.poll(check, { timeout: 3_000, interval: 5 }).toBe(true);

const nothingIsLeft = ({ gnb }: Node): boolean => gnb.ues.every(({ ranUeId }) => ranUeId === null);

describe('an AMF that hands a UE over', () => {
  it('takes it to another node and back: with fresh next hops of its chain, its data after it, and nothing left behind', async () => {
    const { house, source, target, ue } = await twoNodes();
    const [before] = ue.sessions.values();
    await handOver(source.gnb, ue, at(target));
    expect(arrive(target.gnb, ue)).toBe(true);
    await until(() => nothingIsLeft(source));
    expect(await ue.ping(1, { to: TO, ...inTime() })).toBeGreaterThan(0);
    expect(before !== undefined && source.gnb.userPlane.hasEnded(before)).toBe(true);
    await handOver(target.gnb, ue, at(source));
    expect(arrive(source.gnb, ue)).toBe(true);
    await until(() => nothingIsLeft(target));
    expect(await ue.ping(1, { to: TO, ...inTime() })).toBeGreaterThan(0);
    expect(ue.facts.map(({ fact }) => fact).filter(({ fact }) => fact === 'handed-over')).toEqual([
      { fact: 'handed-over', ncc: 2, isSameKey: true, isFresh: true },
      { fact: 'handed-over', ncc: 3, isSameKey: true, isFresh: true },
    ]);
    // What the UE says goes on where it is.
    ue.run(ue.ue.deregister());
    await happens(ue, 'released');
    expect(house.amf.ues.every(({ connection }) => connection === null)).toBe(true);
  });

  it('reaches the UE by a ping where it is, and nowhere on its way', async () => {
    const { house, source, target, ue } = await twoNodes();
    const [session] = house.amf.ues.flatMap(({ userPlanes }) => [...userPlanes.values()]);
    if (session === undefined) throw new Error('there is no session');
    await until(() => session.down !== null);
    const ping = (withinMs: number) => house.amf.upf.ping(session, { ...inTime(), withinMs });
    expect(await ping(1_000)).toBeGreaterThan(0);
    await handOver(source.gnb, ue, at(target));
    expect(await ping(100)).toBeNull();
    const isAnswered = house.amf.upf.probe(session);
    // The UE is that of another process, as where two simulators meet.
    const isOnItsWay = () => pause(20, inTime());
    await isOnItsWay();
    expect(isAnswered()).toBe(false);
    expect(arrive(target.gnb)).toBe(true);
    // What came down meanwhile was sent on, and kept for it.
    await until(isAnswered);
    await until(() => session.down?.host === target.gnb.userPlane.host);
    expect(await ping(1_000)).toBeGreaterThan(0);
  });

  it('passes capabilities, containers and the state of bearers on as they are', async () => {
    const { house, source, target, ue } = await twoNodes();
    await handOver(source.gnb, ue, at(target));
    const isSaid = (name: Outgoing['name']) =>
      house.said.some(({ decoded }) => decoded.message?.name === name);
    await until(() => isSaid('DownlinkRANStatusTransfer'));
    arrive(target.gnb, ue);
    await until(() => nothingIsLeft(source));
    const find = (name: Outgoing['name']): Readonly<Record<string, unknown>> =>
      house.said.find(({ decoded }) => decoded.message?.name === name)?.decoded.message?.ies ?? {};
    for (const [from, to, element] of [
      ['HandoverRequired', 'HandoverRequest', 'SourceToTarget-TransparentContainer'],
      ['HandoverRequestAcknowledge', 'HandoverCommand', 'TargetToSource-TransparentContainer'],
      ['UplinkRANStatusTransfer', 'DownlinkRANStatusTransfer', 'RANStatusTransfer-TransparentContainer'],
    ] as const)
      expect(find(to)[element]).toEqual(find(from)[element]);
    const { UESecurityCapabilities: told } = find('HandoverRequest');
    expect(told).toEqual(find('InitialContextSetupRequest')['UESecurityCapabilities']);
    expect(numberIn((told as { nRencryptionAlgorithms: never }).nRencryptionAlgorithms)).toBeGreaterThan(0);
  });

  it.each([
    ['the target refuses', { handedOver: 'refuses' }],
    ['the target does not answer', { handedOver: 'silent' }],
  ] as const)('tells the source when %s, and serves the UE where it is', async (_name, behaves) => {
    const { source, target, ue } = await twoNodes({ amf: { answerWithinMs: 300 } }, behaves);
    await handOver(source.gnb, ue, at(target));
    await happens(ue, 'handover-refused');
    expect(nothingIsLeft(target)).toBe(true);
    expect(await ue.ping(1, { to: TO, ...inTime() })).toBeGreaterThan(0);
  });

  it.each([
    ['another node', { gnb: { id: 77, bits: 24 } }],
    ['another tracking area', { cell: { plmn: '00101', tac: 99, id: 0x2001 } }],
  ])('refuses a target that it does not have: %s', async (_name, other) => {
    const { house, source, target, ue } = await twoNodes();
    await handOver(source.gnb, ue, { ...at(target), ...other });
    await happens(ue, 'handover-refused');
    const [failure] = house.said.filter(
      ({ decoded }) => decoded.message?.name === 'HandoverPreparationFailure',
    );
    expect(failure?.decoded.message?.ies).toMatchObject({ Cause: { radioNetwork: 'unknown-targetID' } });
  });

  it('has the target forget what it allocates for a handover that was cancelled meanwhile', async () => {
    const { held, sends } = holding('HandoverRequestAcknowledge');
    const { house, source, target, ue } = await twoNodes({}, { sends });
    await handOver(source.gnb, ue, at(target));
    await happens(ue, 'handover-cancelled');
    expect(nothingIsLeft(target)).toBe(false);
    for (const each of held) await target.peer.send(each);
    await until(() => nothingIsLeft(target));
    expect(await ue.ping(1, { to: TO, ...inTime() })).toBeGreaterThan(0);
    const names = house.said.map(({ decoded }) => decoded.message?.name);
    expect(names).not.toContain('HandoverCommand');
  });

  it('has the target forget the UE of a source that is gone during preparation', async () => {
    const { held, sends } = holding('HandoverRequestAcknowledge');
    const { source, target, ue } = await twoNodes({}, { sends });
    const handing = handOver(source.gnb, ue, at(target));
    await until(() => held.length > 0);
    await source.peer[Symbol.asyncDispose]();
    for (const each of held) await target.peer.send(each);
    await until(() => nothingIsLeft(target));
    await handing;
  });

  it('tells the source when the target is gone during preparation', async () => {
    const { held, sends } = holding('HandoverRequestAcknowledge');
    const { source, target, ue } = await twoNodes({}, { sends });
    const handing = handOver(source.gnb, ue, at(target));
    await until(() => held.length > 0);
    await target.peer[Symbol.asyncDispose]();
    await handing;
    await happens(ue, 'handover-refused');
    expect(await ue.ping(1, { to: TO, ...inTime() })).toBeGreaterThan(0);
  });

  it('takes a UE that arrives although its source is gone', async () => {
    const { source, target, ue } = await twoNodes();
    await handOver(source.gnb, ue, at(target));
    await source.peer[Symbol.asyncDispose]();
    arrive(target.gnb, ue);
    expect(await ue.ping(1, { to: TO, ...inTime() })).toBeGreaterThan(0);
  });

  it('releases a UE that does not arrive at both nodes', async () => {
    const { house, source, target, ue } = await twoNodes({ amf: { handoverWithinMs: 150 } });
    await handOver(source.gnb, ue, at(target));
    await until(() => nothingIsLeft(target) && nothingIsLeft(source));
    expect(house.amf.ues.every(({ connection }) => connection === null)).toBe(true);
    expect(arrive(target.gnb, ue)).toBe(false);
  });

  it('does not begin a second handover of a UE, and knows no arrival of one that goes nowhere', async () => {
    const { house, source, target, ue } = await twoNodes({}, { handedOver: 'silent' });
    void handOver(source.gnb, ue, at(target));
    const sent = (name: Outgoing['name']) =>
      house.said.filter(({ decoded }) => decoded.message?.name === name);
    await until(() => sent('HandoverRequest').length === 1);
    await handOver(source.gnb, ue, at(target));
    expect(sent('HandoverPreparationFailure')[0]?.decoded.message?.ies).toMatchObject({
      Cause: { radioNetwork: 'interaction-with-other-procedure' },
    });
    const strange = { 'AMF-UE-NGAP-ID': 4_711, 'RAN-UE-NGAP-ID': 1 };
    target.gnb.post(outgoing('HandoverCancel', { ...strange, Cause: { radioNetwork: 'unspecified' } }));
    await until(() => sent('ErrorIndication').length > 0);
  });
});

it('takes from a target only what was wanted, and from a source each session once', async () => {
  const { house, source, target, ue } = await twoNodes();
  const stranger = (message: Outgoing): readonly Outgoing[] => {
    if (message.name !== 'HandoverRequestAcknowledge') return [message];
    const { ies } = message;
    const [item] = ies.PDUSessionResourceAdmittedList;
    if (item === undefined) return [message];
    return [
      outgoing(message.name, { ...ies, PDUSessionResourceAdmittedList: [{ ...item, pDUSessionID: 9 }] }),
    ];
  };
  target.gnb.behaviour = { ...target.gnb.behaviour, sends: stranger };
  const required = handoverRequired(source.gnb, ue, at(target));
  if (required === null) throw new Error('the UE has no session');
  const twice = [...required.PDUSessionResourceListHORqd, ...required.PDUSessionResourceListHORqd];
  source.gnb.post(outgoing('HandoverRequired', { ...required, PDUSessionResourceListHORqd: twice }));
  const said = (name: Outgoing['name']): Readonly<Record<string, unknown>> | undefined =>
    house.said.find(({ decoded }) => decoded.message?.name === name)?.decoded.message?.ies;
  await until(() => said('HandoverCommand') !== undefined);
  expect(said('HandoverRequest')?.['PDUSessionResourceSetupListHOReq']).toHaveLength(1);
  expect(said('HandoverCommand')?.['PDUSessionResourceHandoverList']).toBeUndefined();
  expect(said('HandoverCommand')?.['PDUSessionResourceToReleaseListHOCmd']).toMatchObject([
    { pDUSessionID: 1 },
    { pDUSessionID: 1 },
  ]);
});

it.skipIf(!hasTshark())(
  'says nothing in a handover that tshark calls malformed, containers and the RRC in them included (needs tshark)',
  async () => {
    const { house, source, target, ue } = await twoNodes({ amf: { ciphering: [0] } });
    await handOver(source.gnb, ue, { ...at(target), gnb: { id: 77, bits: 24 } });
    await handOver(source.gnb, ue, at(target));
    arrive(target.gnb, ue);
    await until(() => nothingIsLeft(source));
    const sayings = house.said.map(({ bytes, direction }) => ({
      ...{ by: direction === 'received' ? ('node' as const) : ('ric' as const), bytes },
    }));
    await using folder = await scratchFolder();
    const file = join(folder.path, 'handover.pcapng');
    await writeFile(file, await captureOf(sayings, NGAP_PPID));
    const rows = await tsharkFields(file, {
      fields: [...READ_INSIDE, '_ws.expert.message', '_ws.malformed'],
      filter: 'ngap',
      options: ['-d', `udp.port==${UDP_PORT},sctp`],
    });
    expect(rows).toHaveLength(sayings.length);
    const remarks = rows.map((row) => row.slice(READ_INSIDE.length).join(''));
    expect(remarks.filter((remark) => remark !== '')).toEqual([]);
    for (const at of READ_INSIDE.keys()) expect(rows.some((row) => row[at] !== '')).toBe(true);
  },
);

/** What is only there when tshark has read what is inside of the containers. */
const READ_INSIDE = [
  'ngap.targetCell_ID',
  'ngap.TargetNGRANNode_ToSourceNGRANNode_TransparentContainer_element',
  'nr-rrc.HandoverPreparationInformation_element',
  'nr-rrc.nextHopChainingCount',
  'ngap.dRBStatusDL18_element',
] as const;

describe('an AMF with a defect', () => {
  it.each([
    ['next-hop-repeated', { isSameKey: true, isFresh: false }],
    ['next-hop-unlinked', { isSameKey: false, isFresh: true }],
  ])('%s shows it to the UE that it hands over there and back', async (defect, shown) => {
    const { source, target, ue } = await twoNodes({ defects: [defect] });
    await handOver(source.gnb, ue, at(target));
    arrive(target.gnb, ue);
    await until(() => nothingIsLeft(source));
    await handOver(target.gnb, ue, at(source));
    arrive(source.gnb, ue);
    const last = ue.facts.findLast(({ fact }) => fact.fact === 'handed-over');
    expect(last?.fact).toMatchObject(shown);
  });
});
