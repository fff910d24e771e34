import { describe, expect, it } from 'vitest';
import { pause } from '../../../src/kernel/deadline.ts';
import { decodeNas } from '../../../runners/interfaces/nas/codec.ts';
import type { GnbBehaviour } from '../../../runners/simulators/gnb/behaviour.ts';
import { soon } from '../../support/e2/peers.ts';
import { inTime, openAmf } from '../../support/ng/gnb-and-amf.ts';

const TIMER_MS = 30;
type House = Awaited<ReturnType<typeof openAmf>>;

/** Its uplink NAS is lost, so many times: what answers the challenge first of all. */
function losing(times: number): Pick<GnbBehaviour, 'sends'> {
  let left = times;
  return {
    sends: (message) => (message.name === 'UplinkNASTransport' && left-- > 0 ? [] : [message]),
  };
}

/** What went down to the UEs in plain NAS. */
function saidPlainly({ said }: House): readonly (string | undefined)[] {
  return said.flatMap(({ direction, decoded: { message } }) =>
    direction === 'sent' && message?.name === 'DownlinkNASTransport' && message.ies['NAS-PDU'] !== undefined
      ? [decodeNas(message.ies['NAS-PDU']).message?.name]
      : [],
  );
}

describe('an AMF whose UE does not answer', () => {
  it('tells it again when the timer runs out, and registers it then', async () => {
    await using house = await openAmf({ amf: { nasTimerMs: TIMER_MS } });
    await using node = await house.gnb(1, losing(2));
    const ue = house.ueOf(node.gnb);
    ue.run(ue.ue.register());
    expect(await ue.waitFor(({ fact }) => fact === 'registered', inTime())).not.toBeNull();
    expect(saidPlainly(house).filter((name) => name === 'AuthenticationRequest')).toHaveLength(3);
    await pause(3 * TIMER_MS, soon());
    expect(house.amf.ues.map(({ facts }) => facts.filter(({ fact }) => fact === 'timed-out'))).toEqual([
      [
        { fact: 'timed-out', timer: 'T3560' },
        { fact: 'timed-out', timer: 'T3560' },
      ],
    ]);
  });

  it('has its context released at the fifth expiry', async () => {
    await using house = await openAmf({ amf: { nasTimerMs: TIMER_MS } });
    await using node = await house.gnb(1, losing(Infinity));
    const ue = house.ueOf(node.gnb);
    ue.run(ue.ue.register());
    expect(await ue.waitFor(({ fact }) => fact === 'released', inTime())).not.toBeNull();
    expect(saidPlainly(house)).toEqual(Array.from({ length: 5 }, () => 'AuthenticationRequest'));
    expect(
      house.said.find(({ decoded: { message } }) => message?.name === 'UEContextReleaseCommand'),
    ).toMatchObject({ decoded: { message: { ies: { Cause: { nas: 'unspecified' } } } } });
    expect(house.amf.ues).toEqual([]);
  });

  it('waits for nothing any more when its node, or the AMF, is gone', async () => {
    const house = await openAmf({ amf: { nasTimerMs: TIMER_MS } });
    const node = await house.gnb(1, losing(Infinity));
    const ue = house.ueOf(node.gnb);
    ue.run(ue.ue.register());
    const isChallenge = (): boolean => saidPlainly(house).length > 0;
    while (!isChallenge()) await pause(1, soon());
    const [known] = house.amf.ues;
    expect(known?.nas.ue.waits.size).toBe(1);
    await node[Symbol.asyncDispose]();
    while (house.amf.links.length > 0) await pause(1, soon());
    expect(known?.nas.ue.waits.size).toBe(0);
    await house[Symbol.asyncDispose]();
  });

  it('pages again as long as there is no answer, and no longer', async () => {
    const house = await openAmf({ amf: { nasTimerMs: TIMER_MS } });
    await using node = await house.gnb(1);
    const ue = house.ueOf(node.gnb);
    ue.run(ue.ue.register());
    await ue.waitFor(({ fact }) => fact === 'registered', inTime());
    node.gnb.askRelease(ue);
    await ue.waitFor(({ fact }) => fact === 'released', inTime());
    node.gnb.behaviour = { ...node.gnb.behaviour, pages: false };
    const [known] = house.amf.ues;
    expect(known !== undefined && house.amf.page(known)).toBe(true);
    const pages = (): number =>
      house.said.filter(({ decoded: { message } }) => message?.name === 'Paging').length;
    while (pages() < 2) await pause(1, soon());
    await house[Symbol.asyncDispose]();
    const before = pages();
    await pause(3 * TIMER_MS, soon());
    expect(pages()).toBe(before);
  });
});
