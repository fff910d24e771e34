import { describe, expect, it } from 'vitest';
import { transferSyntaxTold } from '../../../../../runners/procedures/ng/judging.ts';
import { seenPdus } from '../../../../../runners/procedures/ng/seen-messages.ts';
import { MESSAGE } from '../../../../../src/evidence/message-log.ts';
import type { Observation } from '../../../../../src/evidence/observation.ts';

/** ERROR INDICATIONs with nothing but a cause. */
const INDICATION = {
  transferSyntax: '00094008000001000f400160',
  falselyConstructed: '00094008000001000f40016a',
  unknownPeer: '00094009000001000f40020380',
};

function said(n: number, direction: 'sent' | 'received', bytes: string): Observation {
  const about = { interface: 'ng', association: 'gnb', entry: n, relation: 'initiating', answers: null };
  return {
    ...{ n, t: n, step: 'garbage', kind: MESSAGE },
    data: { ...about, direction, ppid: 60, stream: 0, octets: bytes.length / 2, bytes },
  };
}

function told(indication: string): ReturnType<typeof transferSyntaxTold> {
  return transferSyntaxTold(seenPdus([said(0, 'sent', 'fffefdfc'), said(1, 'received', indication)]), [
    'garbage',
  ]);
}

describe('what cannot be decoded', () => {
  it('is told with the cause that is recommended', () => {
    const { found, remarks } = told(INDICATION.transferSyntax);
    expect([found['garbage']?.verdict, remarks]).toEqual(['pass', []]);
  });

  it('may be told with another cause of the protocol, which is a remark', () => {
    const { found, remarks } = told(INDICATION.falselyConstructed);
    expect(found['garbage']?.verdict).toBe('pass');
    expect(remarks).toEqual([expect.stringMatching(/^garbage: .*falsely-constructed.*10\.2/u)]);
  });

  it('is not told with a cause that says something else, nor by silence', () => {
    const silent = transferSyntaxTold(seenPdus([said(0, 'sent', 'fffefdfc')]), ['garbage']);
    for (const { found } of [told(INDICATION.unknownPeer), silent])
      expect(found['garbage']?.verdict).toBe('fail');
  });
});
