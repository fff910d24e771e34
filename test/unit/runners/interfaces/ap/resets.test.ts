import { describe, expect, it } from 'vitest';
import { isAmong } from '../../../../../runners/interfaces/ap/resets.ts';
import { RESETS as E1_RESETS } from '../../../../../runners/interfaces/e1ap/resets.ts';
import { decodePdu, encodeMessage } from '../../../../../runners/interfaces/f1ap/codec.ts';
import { RESETS } from '../../../../../runners/interfaces/f1ap/resets.ts';

describe('a reset', () => {
  const connections = [{ upper: 7, lower: 3 }, { upper: 8 }, { lower: 9 }];

  it('names connections by one identifier or by both, and its acknowledgement names the same in their order', () => {
    const request = RESETS.request(5, connections);
    const { message } = decodePdu(encodeMessage('Reset', request));
    const { ResetType = {} } = (message?.ies ?? {}) as { readonly ResetType?: object };
    expect(RESETS.connectionsIn(ResetType)).toEqual([
      { upper: 7, lower: 3 },
      { upper: 8, lower: undefined },
      { upper: undefined, lower: 9 },
    ]);
    const answer = decodePdu(encodeMessage('ResetAcknowledge', RESETS.acknowledge(request)));
    expect(answer.faults).toEqual([]);
    expect(RESETS.acknowledgedIn(answer.message?.ies ?? {})).toHaveLength(3);
  });

  it('is of the whole interface when it names none', () => {
    const request = E1_RESETS.request(5);
    expect(E1_RESETS.connectionsIn(request.ResetType)).toBeUndefined();
    expect(E1_RESETS.acknowledge(request)).toEqual({ TransactionID: 5 });
  });

  it.each([
    ['both identifiers', [{ upper: 7, lower: 3 }], true],
    ['one identifier', [{ lower: 3 }], true],
    ['the identifier of another one beside its own', [{ upper: 8, lower: 3 }], false],
    ['nothing at all', [{}], false],
    ['others', [{ upper: 8 }, { lower: 4 }], false],
  ])('means a UE by %s', (_, named, isMeant) => {
    expect(isAmong(named, { upper: 7, lower: 3 })).toBe(isMeant);
  });

  it('means a UE that has only one identifier yet by that one', () => {
    expect(isAmong([{ upper: 7, lower: 3 }], { upper: null, lower: 3 })).toBe(true);
    expect(isAmong([{ upper: 7 }], { upper: null, lower: 3 })).toBe(false);
    expect(isAmong(undefined, { upper: null, lower: null })).toBe(true);
  });
});
