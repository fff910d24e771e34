import { describe, expect, it } from 'vitest';
import { bitsOf } from '../../../../../runners/interfaces/ap/values.ts';
import { cellGroupConfig } from '../../../../../runners/interfaces/rrc/cell-group.ts';
import { readRrc } from '../../../../../runners/interfaces/rrc/messages.ts';
import { RrcNetworkSide } from '../../../../../runners/interfaces/rrc/network-side.ts';
import type { AsAlgorithms } from '../../../../../runners/interfaces/rrc/security.ts';
import { RrcUeSide, type UplinkRrc } from '../../../../../runners/interfaces/rrc/ue-side.ts';
import type { Result } from '../../../../../src/kernel/result.ts';

const KGNB = new Uint8Array(32).fill(9);
const REQUEST = Uint8Array.of(0x7e, 0, 0x41);
const ACCEPT = Uint8Array.of(0x7e, 0, 0x42);
const AES = { ciphering: 2, integrity: 2 } as const;

function must<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function first(answers: readonly UplinkRrc[]): UplinkRrc {
  const [answer] = answers;
  if (answer === undefined) throw new Error('there is no answer');
  return answer;
}

function connected(kgnb: Uint8Array | null = KGNB, options = {}) {
  const network = new RrcNetworkSide();
  const ue = new RrcUeSide({ kgnb: () => kgnb, ...options });
  ue.connect({ cause: 'mo-Signalling', sTmsi: null, nas: REQUEST });
  const { answers } = must(ue.receiveCommon(network.setup(cellGroupConfig([{ srb: 1 }]))));
  const complete = must(network.receive(1, first(answers).octets));
  return { network, ue, complete };
}

const CELL = { pci: 7, arfcn: 633_334 };
const LOST = { pci: 3, rnti: 17, cellIdentity: bitsOf(0x1001, 36) };

/** In security, with SRB2 and a data bearer. */
function withBearer(algorithms: AsAlgorithms) {
  const { network, ue } = connected();
  must(
    network.receive(
      1,
      first(must(ue.receive(1, network.securityModeCommand(KGNB, algorithms))).answers).octets,
    ),
  );
  const drbs = [{ drb: 1, session: 5, qfis: [9], snBits: 18, isIntegrityProtected: true }] as const;
  must(ue.receive(1, network.reconfiguration({ masterCellGroup: new Uint8Array(0), drbs })));
  return { network, ue };
}

describe('a UE and a network that speak RRC with each other', () => {
  it('come to a connection, with what NAS had to say', () => {
    const { ue, complete } = connected();
    expect(ue.state).toBe('connected');
    expect(complete).toMatchObject({
      name: 'rrcSetupComplete',
      contents: { 'dedicatedNAS-Message': REQUEST },
    });
  });

  it('come to security, a second signalling bearer and data that only they can read', () => {
    const { network, ue } = connected();
    const secured = must(ue.receive(1, network.securityModeCommand(KGNB, AES)));
    expect(must(network.receive(1, first(secured.answers).octets)).name).toBe('securityModeComplete');
    const drbs = [{ drb: 1, session: 5, qfis: [9], snBits: 18, isIntegrityProtected: true }] as const;
    const masterCellGroup = cellGroupConfig([{ srb: 2 }, { drb: 1 }]);
    const told = must(ue.receive(1, network.reconfiguration({ masterCellGroup, drbs, nas: [ACCEPT] })));
    expect(told.nas).toEqual([ACCEPT]);
    expect(must(network.receive(1, first(told.answers).octets)).name).toBe('rrcReconfigurationComplete');
    expect(ue.drbs.get(1)).toMatchObject({ session: 5, qfis: [9] });
    expect(must(ue.receive(2, network.informationTransfer(ACCEPT))).nas).toEqual([ACCEPT]);
    expect(must(network.receive(2, ue.nas(REQUEST).octets)).name).toBe('ulInformationTransfer');
    must(ue.receive(1, network.release()));
    expect(ue.state).toBe('idle');
  });

  it.each([
    ['another key', { kgnb: new Uint8Array(32) }, AES],
    ['no key', { kgnb: null }, AES],
    ['null integrity', { kgnb: KGNB }, { ciphering: 2, integrity: 0 } as const],
  ])('do not come to security with %s', (_, { kgnb }, algorithms) => {
    const { network, ue } = connected(kgnb);
    const told = must(ue.receive(1, network.securityModeCommand(KGNB, algorithms)));
    expect(ue.isSecured).toBe(false);
    expect(told.answers).toHaveLength(1);
  });

  it.each([1, 2, 3] as const)('have a lost connection back under keys of the cell (NIA%i)', (integrity) => {
    const { network, ue } = withBearer({ ciphering: 2, integrity });
    const before = network.keys;
    const asked = ue.reestablish(LOST, CELL);
    const request = must(readRrc('ulCcch', asked?.octets ?? new Uint8Array()));
    if (request.name !== 'rrcReestablishmentRequest') throw new Error(request.name);
    const { 'shortMAC-I': mac } = request.contents['ue-Identity'];
    expect(network.isShortMac(mac.bits, LOST)).toBe(true);
    expect(network.isShortMac(mac.bits, { ...LOST, rnti: 18 })).toBe(false);
    const told = must(ue.receive(1, network.reestablishment(CELL)));
    expect(must(network.receive(1, first(told.answers).octets)).name).toBe('rrcReestablishmentComplete');
    expect(network.keys?.userPlane.ciphering.key).not.toEqual(before?.userPlane.ciphering.key);
    const again = network.reconfiguration({ masterCellGroup: new Uint8Array(0), reestablished: [1] });
    const complete = must(ue.receive(1, again));
    expect(must(network.receive(1, first(complete.answers).octets)).name).toBe('rrcReconfigurationComplete');
    expect(ue.drbs.get(1)?.sender.security).toEqual(network.keys?.userPlane);
    expect(must(ue.receive(2, network.informationTransfer(ACCEPT))).nas).toEqual([ACCEPT]);
  });

  it('do not have a connection back under the keys of before', () => {
    const { network, ue } = withBearer(AES);
    ue.reestablish(LOST, CELL);
    expect(ue.receive(1, network.reestablishmentUnderOldKeys())).toMatchObject({ ok: false });
    expect(ue.state).toBe('idle');
  });

  it('begin anew where the network has nothing to give back', () => {
    const { ue } = withBearer(AES);
    ue.reestablish(LOST, CELL);
    const told = must(ue.receiveCommon(new RrcNetworkSide().setup(cellGroupConfig([{ srb: 1 }]))));
    expect([told.message, ue.isSecured, ue.drbs.size]).toEqual(['rrcSetup', false, 0]);
  });

  it('say so where the connection is refused', () => {
    const ue = new RrcUeSide({ kgnb: () => null });
    const sTmsi = { set: 1, pointer: 0, tmsi: Uint8Array.of(1, 2, 3, 4) };
    expect(ue.connect({ cause: 'mt-Access', sTmsi, nas: REQUEST }).srb).toBe(0);
    expect(must(ue.receiveCommon(RrcNetworkSide.reject(1))).message).toBe('rrcReject');
    expect(ue.state).toBe('idle');
  });

  it('take nothing on a bearer that is not there', () => {
    const { ue, network } = connected();
    expect(ue.receive(2, Uint8Array.of(0, 0, 1))).toMatchObject({ ok: false });
    expect(network.receive(2, Uint8Array.of(0, 0, 1))).toMatchObject({ ok: false });
  });
});
