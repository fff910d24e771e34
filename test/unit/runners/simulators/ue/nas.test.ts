import { expect, it } from 'vitest';
import {
  newMilenageKeys,
  type SubscriberKeys,
} from '../../../../../runners/interfaces/aka/subscriber-keys.ts';
import { newPrivateKey, publicKeyOf } from '../../../../../runners/interfaces/aka/suci.ts';
import { decodeNas, encodeMobility } from '../../../../../runners/interfaces/nas/codec.ts';
import { NasContext } from '../../../../../runners/interfaces/nas/context.ts';
import { decodeIdentity, encodeIdentity, imsiOf } from '../../../../../runners/interfaces/nas/identity.ts';
import { readProtected } from '../../../../../runners/interfaces/nas/protection.ts';
import { encodeNetworkName } from '../../../../../runners/interfaces/nas/values.ts';
import { ALGORITHMS } from '../../../../../runners/interfaces/nas-security/types.ts';
import { secure } from '../../../../../runners/simulators/amf/nas-sending.ts';
import { type NasPair, nasPair } from '../../../../support/nas/network.ts';

const TUAK: SubscriberKeys = { set: 'tuak', k: new Uint8Array(32).fill(7), topc: new Uint8Array(32).fill(9) };

function facts({ facts: all }: NasPair): readonly string[] {
  return all.map(({ fact }) => fact);
}

function registered(options: Parameters<typeof nasPair>[0] = {}): NasPair {
  const pair = nasPair(options);
  pair.run(pair.ue.register());
  expect(pair.ue.state).toBe('registered');
  return pair;
}

it('registers with every algorithm and both key sets, and derives the same K_gNB', () => {
  for (const keys of [newMilenageKeys(), TUAK])
    for (const ciphering of ALGORITHMS)
      for (const integrity of [1, 2, 3] as const) {
        const pair = registered({ keys, network: { ciphering: [ciphering], integrity: [integrity] } });
        expect(pair.facts).toContainEqual({ fact: 'secured', ciphering, integrity });
        expect(pair.nas.ue.state).toBe('registered');
        expect(pair.ue.kgnb).toEqual(pair.kgnbs[0]);
      }
});

it('says before it is secured only what everybody may know, and all of it afterwards', () => {
  const pair = registered();
  const [first] = pair.said;
  const { message } = decodeNas(first?.nas ?? new Uint8Array());
  expect(Object.keys(message?.ies ?? {})).toEqual([
    ...['registrationType', 'ngKsi', 'mobileIdentity', 'ueSecurityCapability'],
  ]);
  expect(pair.nas.ue.requestedSlices).toEqual([{ sst: 1, sd: 0x010203 }]);
});

it.each(['A', 'B'] as const)(
  'conceals who it is under profile %s, and registers with a home network that has the key',
  (profile) => {
    const privateKey = newPrivateKey();
    const homeKey = { profile, id: 7, publicKey: publicKeyOf({ profile, privateKey }) };
    const pair = registered({
      profile: { homeKey },
      network: { homeKeys: [{ profile, id: 7, privateKey }] },
    });
    const { message } = decodeNas(pair.said[0]?.nas ?? new Uint8Array());
    const { mobileIdentity } = (message?.ies ?? {}) as { readonly mobileIdentity?: Uint8Array };
    const identity = decodeIdentity(mobileIdentity ?? new Uint8Array());
    expect(identity).toMatchObject({
      kind: 'suci',
      plmn: '00101',
      scheme: profile === 'A' ? 1 : 2,
      keyId: 7,
    });
    expect(identity === null ? null : imsiOf(identity)).toBeNull();
  },
);

it('is refused by a network that cannot tell who it is', () => {
  const keys = [newPrivateKey(), newPrivateKey()] as const;
  const homeKey = {
    profile: 'A',
    id: 1,
    publicKey: publicKeyOf({ profile: 'A', privateKey: keys[0] }),
  } as const;
  for (const known of [
    { id: 2, privateKey: keys[0] },
    { id: 1, privateKey: keys[1] },
  ]) {
    const pair = nasPair({ profile: { homeKey }, network: { homeKeys: [{ profile: 'A', ...known }] } });
    pair.run(pair.ue.register());
    expect(pair.facts).toContainEqual({ fact: 'refused', cause: 7 });
  }
});

it('comes back under the security that it has, without another authentication', () => {
  const pair = registered();
  pair.run(pair.ue.deregister());
  expect(pair.ue.state).toBe('deregistered');
  pair.said.length = 0;
  pair.run(pair.ue.register());
  expect(pair.ue.state).toBe('registered');
  expect(pair.said.map(({ message }) => message)).toEqual([
    ...['RegistrationRequest', 'InitialContextSetup', 'RegistrationComplete'],
  ]);
  expect(readProtected(pair.said[0]?.nas ?? new Uint8Array())?.protection).toBe('integrity');
  expect(pair.ue.kgnb).toEqual(pair.kgnbs[1]);
});

it('is told what its network is called, and does not confirm that', () => {
  const pair = registered({ network: { networkName: 'Ö' } });
  expect(facts(pair)).toContain('configuration-updated');
  expect(pair.said.map(({ message }) => message)).toContain('ConfigurationUpdateCommand');
  expect(pair.said.map(({ message }) => message)).not.toContain('ConfigurationUpdateComplete');
  const nas = encodeMobility('ConfigurationUpdateCommand', { fullNetworkName: encodeNetworkName('Ö') });
  expect(nas).toEqual(Uint8Array.of(0x7e, 0, 0x54, 0x43, 3, 0x90, 0, 0xd6));
});

it('takes a status for what it is: nothing that it has asked for is decided', () => {
  const pair = registered();
  pair.run(pair.ue.establishSession({ id: 1, dnn: 'no-such-network' }));
  pair.facts.length = 0;
  const status = encodeMobility('MobilityStatus', { cause: Uint8Array.of(91) });
  pair.run(pair.ue.receive(secure(pair.nas.ue, status)));
  expect(pair.facts).toEqual([{ fact: 'status', cause: 91 }]);
});

it('is identified and authenticated again by a network that has forgotten it', () => {
  const pair = registered();
  pair.ue.connectionReleased();
  const other = nasPair({ network: pair.nas.ue.network });
  const joined = { ...pair, nas: other.nas };
  const answers = other.nas.receive(firstOf(pair));
  expect(answers).toMatchObject([{ do: 'send', message: 'IdentityRequest' }]);
  expect(joined.nas.ue.state).toBe('identifying');
});

function firstOf(pair: NasPair): Uint8Array {
  const [action] = pair.ue.register();
  return action?.do === 'send' ? action.nas : new Uint8Array();
}

it('has the network resynchronise when its number is behind', () => {
  const pair = registered({ profile: { sqn: 0x1000n } });
  expect(facts(pair)).toContain('resynchronised');
  expect(pair.facts).toContainEqual({ fact: 'authentication-failed', cause: 21 });
});

it('refuses a network that does not know its key', () => {
  const pair = nasPair({ profile: { keys: newMilenageKeys() } });
  pair.run(pair.ue.register());
  expect(pair.facts).toContainEqual({ fact: 'authentication-failed', cause: 20 });
  expect(pair.ue.state).toBe('deregistered');
});

it('is refused with a wrong response, and by a network that does not know it', () => {
  const wrong = nasPair({ ue: { response: () => new Uint8Array(16) } });
  wrong.run(wrong.ue.register());
  expect(wrong.facts).toContainEqual({ fact: 'refused', by: 'AuthenticationReject', cause: 3 });
  const unknown = nasPair({ profile: { msin: '0000000002' } });
  unknown.run(unknown.ue.register());
  expect(unknown.facts).toContainEqual({ fact: 'refused', by: 'RegistrationReject', cause: 7 });
});

it('takes no null integrity, and no command that repeats other capabilities than its own', () => {
  const nothing = nasPair({
    profile: { capability: { ciphering: [0], integrity: [0] } },
    nas: { acceptsNullIntegrity: true },
  });
  nothing.run(nothing.ue.register());
  expect(nothing.facts).toContainEqual({ fact: 'security-refused', why: 'null-integrity' });
  const bid = nasPair({ nas: { replayed: () => Uint8Array.of(0x80, 0x80) } });
  bid.run(bid.ue.register());
  expect(bid.facts).toContainEqual({ fact: 'security-refused', why: 'capabilities-mismatch' });
  expect(bid.facts).toContainEqual({ fact: 'ue-refused', cause: 23 });
});

it('refuses a UE that has nothing but null integrity', () => {
  const pair = nasPair({ profile: { capability: { ciphering: [0], integrity: [0] } } });
  pair.run(pair.ue.register());
  expect(pair.facts).toContainEqual({ fact: 'refused', by: 'RegistrationReject', cause: 23 });
});

it('gets a session, serves a page with it, and gives it back', () => {
  const pair = registered();
  pair.run(pair.ue.establishSession({ id: 3, dnn: 'internet', slice: { sst: 1, sd: 0x010203 } }));
  expect(pair.ue.sessions).toMatchObject([{ id: 3, state: 'up', address: '10.45.0.2', qfi: 5 }]);
  pair.ue.connectionReleased();
  pair.run(pair.ue.paged());
  expect(facts(pair)).toContain('service-accepted');
  expect(pair.ue.kgnb).toEqual(pair.kgnbs[1]);
  pair.run(pair.ue.releaseSession(3));
  expect(pair.ue.sessions).toEqual([]);
  expect(pair.nas.ue.sessions.size).toBe(0);
});

it.each([true, false])('gets what it is paged for without saying so: %s', (isPaged) => {
  const pair = registered();
  pair.run(pair.ue.establishSession({ id: 3, dnn: 'internet', slice: { sst: 1, sd: 0x010203 } }));
  pair.nas.connected();
  if (isPaged) pair.nas.page();
  const sessions = isPaged ? [expect.objectContaining({ id: 3 }) as unknown] : [];
  expect(pair.nas.receive(aBareServiceRequest(pair))).toMatchObject([{ do: 'set-up-context', sessions }, {}]);
  expect(pair.nas.sessionsUp).toMatchObject([{ id: 3 }]);
});

it('is not served once the network has sent it away', () => {
  const pair = registered();
  pair.runNetwork(pair.nas.deregister(false));
  pair.nas.connected();
  const actions = pair.nas.receive(aBareServiceRequest(pair));
  expect(actions).toMatchObject([
    { do: 'send', message: 'ServiceReject' },
    { fact: { fact: 'refused', cause: 10 } },
    { do: 'release' },
  ]);
});

/** Of a UE that has nothing to send, and says nothing of its sessions. */
function aBareServiceRequest({ nas: { ue } }: NasPair): Uint8Array {
  const { context, tmsi } = ue;
  if (context === null || tmsi === null) throw new Error('the UE is not registered');
  const uplink = new NasContext({ ...context.parts, sends: 'uplink' });
  const sTmsi = encodeIdentity({ kind: 'sTmsi', amf: ue.network.amfId, tmsi });
  const plain = encodeMobility('ServiceRequest', { ngKsi: ue.ksi, serviceType: 2, sTmsi });
  // The UE has used the first COUNTs.
  for (let count = 0; count < 9; count += 1) uplink.protect(plain, 'integrity');
  return uplink.protect(plain, 'integrity');
}

it('hears that its network does not have a data network', () => {
  const pair = registered();
  pair.run(pair.ue.establishSession({ id: 1, dnn: 'nowhere' }));
  expect(pair.facts).toContainEqual({ fact: 'session-refused', id: 1, cause: 91 });
});

it('is sent away by the network, and takes a new name from it', () => {
  const pair = registered();
  const before = pair.ue.sTmsi;
  pair.runNetwork(pair.nas.updateConfiguration());
  expect(pair.ue.sTmsi).not.toEqual(before);
  pair.runNetwork(pair.nas.deregister(true));
  expect(pair.facts).toContainEqual({ fact: 'deregistered', by: 'network', comesBack: true });
  expect(pair.ue.state).toBe('deregistered');
});

it('hears nothing twice, on either side', () => {
  const pair = registered();
  for (const { by, nas } of [...pair.said].filter(({ nas: octets }) => readProtected(octets) !== null)) {
    const actions = by === 'ue' ? pair.nas.receive(nas) : pair.ue.receive(nas);
    expect(actions).not.toContainEqual(expect.objectContaining({ do: 'set-up-context' }));
    if (by === 'ue') expect(actions).toMatchObject([{ fact: { fact: 'discarded' } }]);
  }
});

it('takes nothing without security once there is some', () => {
  const pair = registered();
  for (const octet of [0x44, 0x58, 0x5b, 0x47]) {
    const plain = Uint8Array.of(0x7e, 0, octet, 0x03);
    expect(pair.ue.receive(plain)).toMatchObject([{ do: 'tell', fact: { fact: 'discarded' } }]);
  }
  expect(pair.ue.state).toBe('registered');
});
