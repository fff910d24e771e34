import { describe, expect, it } from 'vitest';
import { encodeMobility } from '../../../../../runners/interfaces/nas/codec.ts';
import { PROTOCOL } from '../../../../../runners/interfaces/ngap/codec.ts';
import { repetition } from '../../../../../runners/procedures/ng-amf/repetition.ts';
import { UE_FACT } from '../../../../../runners/procedures/ng/ue-facts.ts';
import type { Seen } from '../../../../../runners/procedures/procedure.ts';
import { MESSAGE } from '../../../../../src/evidence/message-log.ts';
import type { Observation } from '../../../../../src/evidence/observation.ts';

function challenge(n: number, step: string, rand: number): Observation {
  const nas = encodeMobility('AuthenticationRequest', {
    ...{ ngKsi: 0, abba: new Uint8Array(2), rand: new Uint8Array(16).fill(rand), autn: new Uint8Array(16) },
  });
  const ies = { 'AMF-UE-NGAP-ID': 1, 'RAN-UE-NGAP-ID': 1, 'NAS-PDU': nas };
  const bytes = Buffer.from(PROTOCOL.codec.encodeMessage('DownlinkNASTransport', ies));
  const about = { interface: 'ng', association: 'gnb', entry: n, relation: 'initiating', answers: null };
  const octets = { direction: 'received', ppid: 60, stream: 1, octets: bytes.length };
  return { n, t: n, step, kind: MESSAGE, data: { ...about, ...octets, bytes: bytes.toString('hex') } };
}

const registered: Observation = {
  ...{ n: 9, t: 9, step: 'repetition', kind: UE_FACT, data: { ue: 'ue-1', fact: 'registered' } },
};

function verdicts(...observations: readonly Observation[]): Readonly<Record<string, string>> {
  const seen = { observations, subjects: [], number: () => 8_000 } as unknown as Seen;
  const { clauses } = repetition.judge(seen);
  return Object.fromEntries(clauses.map(({ id, verdict }) => [id, verdict]));
}

describe('an AMF whose challenge is not answered', () => {
  it('passes with the same challenge again, and a registration', () => {
    const seen = [challenge(1, 'challenge', 7), challenge(2, 'repetition', 7), registered];
    expect(verdicts(...seen)).toEqual({ repeated: 'pass', same: 'pass', registered: 'pass' });
  });

  it('fails with another challenge', () => {
    const seen = [challenge(1, 'challenge', 7), challenge(2, 'repetition', 8), registered];
    expect(verdicts(...seen)).toEqual({ repeated: 'pass', same: 'fail', registered: 'pass' });
  });

  it('fails with silence; what comes at once is no repetition of what was lost', () => {
    const seen = [challenge(1, 'challenge', 7), challenge(2, 'challenge', 8)];
    expect(verdicts(...seen)).toEqual({ repeated: 'fail', same: 'none', registered: 'none' });
  });

  it('fails when the answer to the repetition does not count', () => {
    const seen = [challenge(1, 'challenge', 7), challenge(2, 'repetition', 7)];
    expect(verdicts(...seen)).toEqual({ repeated: 'pass', same: 'pass', registered: 'fail' });
  });
});
