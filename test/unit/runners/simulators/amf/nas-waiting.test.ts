import { describe, expect, it } from 'vitest';
import { decodeNas } from '../../../../../runners/interfaces/nas/codec.ts';
import { NasContext } from '../../../../../runners/interfaces/nas/context.ts';
import { readProtected } from '../../../../../runners/interfaces/nas/protection.ts';
import { goesBy } from '../../../../../runners/simulators/amf/nas-naming.ts';
import type { NetworkTimer } from '../../../../../runners/simulators/amf/nas-types.ts';
import { type NasPair, nasPair } from '../../../../support/nas/network.ts';

/** A pair of which these messages do not arrive, each so many times. */
function lossy(message: string, times = Infinity): NasPair {
  let left = times;
  return nasPair({
    loses: (each) => {
      if (each !== message || left === 0) return false;
      left -= 1;
      return true;
    },
  });
}

function runOut(pair: NasPair, timer: NetworkTimer): void {
  pair.runNetwork(pair.nas.expired(timer));
}

function saidByNetwork({ said }: NasPair, message: string): readonly Uint8Array[] {
  return said.filter((each) => each.by === 'network' && each.message === message).map(({ nas }) => nas);
}

function releases(pair: NasPair, timer: NetworkTimer): boolean {
  return pair.nas.expired(timer).some((action) => action.do === 'release' && action.why === 'unanswered');
}

describe('a network whose UE does not answer', () => {
  it.each([
    ['AuthenticationResponse', 'AuthenticationRequest', 'authenticating'],
    ['SecurityModeComplete', 'SecurityModeCommand', 'securing'],
  ] as const)('says again what %s should answer, four times, and hangs up', (lost, repeated, state) => {
    const pair = lossy(lost);
    pair.run(pair.ue.register());
    expect(pair.nas.ue.state).toBe(state);
    for (let expiry = 1; expiry < 5; expiry += 1) runOut(pair, 'T3560');
    expect(saidByNetwork(pair, repeated)).toHaveLength(5);
    expect(releases(pair, 'T3560')).toBe(true);
    expect(pair.nas.ue).toMatchObject({ state: 'idle', context: null });
    expect(pair.nas.ue.waits.size).toBe(0);
    expect(pair.nas.expired('T3560')).toEqual([]);
  });

  it('asks who it is four times more, and hangs up', () => {
    const known = nasPair();
    known.run(known.ue.register());
    const pair = lossy('IdentityResponse');
    known.ue.connectionReleased();
    const [request] = known.ue.register();
    if (request?.do === 'send') pair.runNetwork(pair.nas.receive(request.nas));
    for (let expiry = 1; expiry < 5; expiry += 1) runOut(pair, 'T3570');
    expect(saidByNetwork(pair, 'IdentityRequest')).toHaveLength(5);
    expect(releases(pair, 'T3570')).toBe(true);
  });

  it('sends the same challenge again, which gets the same answer, and goes on', () => {
    const pair = lossy('AuthenticationResponse', 1);
    pair.run(pair.ue.register());
    runOut(pair, 'T3560');
    const [first, second] = saidByNetwork(pair, 'AuthenticationRequest');
    expect(second).toEqual(first);
    const answers = pair.said.filter(({ message }) => message === 'AuthenticationResponse');
    expect(answers[1]?.nas).toEqual(answers[0]?.nas);
    expect(pair.facts).not.toContainEqual(expect.objectContaining({ fact: 'authentication-failed' }));
    expect(pair.nas.ue.state).toBe('registered');
    expect(pair.nas.ue.waits.size).toBe(0);
  });

  it('repeats under the next COUNT, with the same contents', () => {
    const pair = lossy('SecurityModeComplete', 1);
    pair.run(pair.ue.register());
    runOut(pair, 'T3560');
    const heads = saidByNetwork(pair, 'SecurityModeCommand').map((nas) => readProtected(nas));
    expect(heads.map((head) => head?.sequence)).toEqual([0, 1]);
    expect(heads[1]?.contents).toEqual(heads[0]?.contents);
    expect(pair.nas.ue.state).toBe('registered');
  });

  it('accepts it again, with the same name, until that is confirmed', () => {
    const pair = lossy('RegistrationComplete', 2);
    pair.run(pair.ue.register());
    const name = pair.ue.sTmsi;
    expect(pair.nas.ue.state).toBe('accepting');
    runOut(pair, 'T3550');
    runOut(pair, 'T3550');
    const { context } = pair.nas.ue;
    const opens = context === null ? null : new NasContext({ ...context.parts, sends: 'uplink' });
    const accepted = saidByNetwork(pair, 'RegistrationAccept').map((nas) => {
      const plain = opens?.open(nas)?.plain ?? new Uint8Array();
      return decodeNas(plain).message?.name;
    });
    expect(accepted).toEqual(['RegistrationAccept', 'RegistrationAccept']);
    expect(pair.ue.sTmsi).toEqual(name);
    expect(pair.facts.filter(({ fact }) => fact === 'registered')).toHaveLength(2);
    expect(pair.nas.ue.state).toBe('registered');
  });

  it('takes it for registered when that is never confirmed, and knows it by either name', () => {
    let isLost = false;
    const pair = nasPair({ loses: (message) => isLost && message === 'RegistrationComplete' });
    pair.run(pair.ue.register());
    const former = pair.nas.ue.tmsi ?? new Uint8Array();
    isLost = true;
    pair.ue.connectionReleased();
    pair.run(pair.ue.register('mobility'));
    for (let expiry = 1; expiry <= 5; expiry += 1) runOut(pair, 'T3550');
    expect(saidByNetwork(pair, 'RegistrationAccept')).toHaveLength(4);
    expect(pair.nas.ue.state).toBe('registered');
    const newer = pair.nas.ue.tmsi ?? new Uint8Array();
    expect([former, newer].map((name) => goesBy(pair.nas.ue, name))).toEqual([true, true]);
    pair.ue.connectionReleased();
    pair.run(pair.ue.requestService());
    expect([former, newer].map((name) => goesBy(pair.nas.ue, name))).toEqual([false, true]);
  });

  it('gives it a new name until that is confirmed, and leaves it both when it never is', () => {
    const pair = lossy('ConfigurationUpdateComplete');
    pair.run(pair.ue.register());
    const former = pair.nas.ue.tmsi ?? new Uint8Array();
    pair.runNetwork(pair.nas.updateConfiguration());
    for (let expiry = 1; expiry <= 5; expiry += 1) runOut(pair, 'T3555');
    expect(saidByNetwork(pair, 'ConfigurationUpdateCommand')).toHaveLength(5);
    expect(goesBy(pair.nas.ue, former)).toBe(true);
    expect(pair.nas.ue.state).toBe('registered');
  });

  it('sends it away all the same', () => {
    const pair = lossy('NetworkDeregistrationRequest');
    pair.run(pair.ue.register());
    pair.runNetwork(pair.nas.deregister(false));
    for (let expiry = 1; expiry <= 5; expiry += 1) runOut(pair, 'T3522');
    expect(saidByNetwork(pair, 'NetworkDeregistrationRequest')).toHaveLength(5);
    expect(pair.nas.ue.state).toBe('deregistered');
    expect(pair.facts).toContainEqual({ fact: 'deregistered' });
  });

  it.each([
    ['hears that it has no such session any more', 1, 2],
    ['releases its session all the same', Infinity, 5],
  ])('%s', (_name, lost, said) => {
    let left = 0;
    const pair = nasPair({ loses: (message) => message === 'UplinkNasTransport' && left-- > 0 });
    pair.run(pair.ue.register());
    pair.run(pair.ue.establishSession({ id: 3, dnn: 'internet' }));
    left = lost;
    pair.runNetwork(pair.nas.releaseSession(3));
    for (let expiry = 1; expiry <= 5; expiry += 1) runOut(pair, 'T3592 3');
    expect(saidByNetwork(pair, 'PduSessionRelease')).toHaveLength(1);
    expect(saidByNetwork(pair, 'DownlinkNasTransport')).toHaveLength(said - 1);
    expect(pair.nas.ue.sessions.size).toBe(0);
    expect(pair.nas.ue.waits.size).toBe(0);
  });

  it('waits for nothing any more once the UE has begun something else, or is not connected', () => {
    const pair = lossy('AuthenticationResponse');
    pair.run(pair.ue.register());
    expect(pair.nas.ue.waits.has('T3560')).toBe(true);
    pair.nas.disconnected();
    expect(pair.nas.expired('T3560')).toEqual([]);
    pair.nas.page();
    expect(pair.nas.expired('T3513')).toContainEqual({ do: 'page' });
    pair.nas.connected();
    expect(pair.nas.expired('T3513')).toEqual([]);
  });

  it('gives up at once, as a defect', () => {
    const pair = nasPair({
      loses: (message) => message === 'AuthenticationResponse',
      nas: { repeats: false },
    });
    pair.run(pair.ue.register());
    expect(releases(pair, 'T3560')).toBe(true);
    expect(saidByNetwork(pair, 'AuthenticationRequest')).toHaveLength(1);
  });
});
