import { describe, expect, it } from 'vitest';
import { errorIndication, protocolAnswer } from '../../../../../runners/interfaces/e2/answers.ts';
import {
  decodePdu,
  type Deviation,
  elementsFor,
  encodeElements,
  encodeMessage,
} from '../../../../../runners/interfaces/e2/codec.ts';
import { comprehend } from '../../../../../runners/interfaces/e2/comprehension.ts';
import { criticalityDeviations } from '../../../../../runners/interfaces/e2/deviations.ts';
import { wrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import type { Element, MessageName } from '../../../../../runners/interfaces/e2/types.ts';
import {
  A_REQUEST_ID,
  aControlRequest,
  aGlobalRicId,
  anIndication,
  aSetupRequest,
  aSubscriptionRequest,
} from '../../../../support/e2/messages.ts';

const SETUP = elementsFor('E2setupRequest', aSetupRequest());
const INDICATION = elementsFor('RICindication', anIndication());
const stranger = (criticality: Element['criticality']): Element => ({
  id: 999,
  criticality,
  value: Uint8Array.of(1),
});

/** What a receiver makes of a message, and what it answers. */
function judge(name: MessageName, elements: readonly Element[], deviation: Deviation = {}) {
  return judgeBytes(encodeElements(name, elements, deviation));
}

function judgeBytes(bytes: Uint8Array) {
  const decoded = decodePdu(bytes);
  const { action, cause, findings } = comprehend(decoded);
  const answer = protocolAnswer(decoded, { action, cause, findings });
  if (answer !== null) expect(decodePdu(encodeMessage(answer.name, answer.ies as never)).faults).toEqual([]);
  return { action, cause, found: findings.map(({ kind, id }) => ({ kind, id })), answer };
}

const diagnosed = (id: number, typeOfError: string, iECriticality = 'reject') => ({
  iEsCriticalityDiagnostics: [{ iECriticality, 'iE-ID': id, typeOfError }],
});

describe('a message that is as it should be', () => {
  it('is accepted, and nothing has to be said', () => {
    const messages = [
      encodeMessage('E2setupRequest', aSetupRequest()),
      encodeMessage('RICsubscriptionRequest', aSubscriptionRequest()),
      encodeMessage('RICindication', anIndication()),
      encodeMessage('RICcontrolRequest', aControlRequest()),
    ];
    for (const bytes of messages)
      expect(judgeBytes(bytes)).toEqual({ action: 'accept', cause: null, found: [], answer: null });
  });
});

describe('a request with an element that is not understood', () => {
  it('is refused by its own failure when the element says reject', () => {
    expect(judge('E2setupRequest', [...SETUP, stranger('reject')])).toEqual({
      action: 'reject',
      cause: 'abstract-syntax-error-reject',
      found: [{ kind: 'notUnderstood', id: 999 }],
      answer: {
        name: 'E2setupFailure',
        ies: {
          TransactionID: 1,
          Cause: { protocol: 'abstract-syntax-error-reject' },
          CriticalityDiagnostics: diagnosed(999, 'not-understood'),
        },
      },
    });
  });

  it('is acted on when the element says ignore, and also told of when it says notify', () => {
    expect(judge('E2setupRequest', [...SETUP, stranger('ignore')])).toMatchObject({
      action: 'accept',
      answer: null,
    });
    expect(judge('E2setupRequest', [...SETUP, stranger('notify')])).toMatchObject({
      action: 'accept',
      answer: {
        name: 'ErrorIndication',
        ies: {
          TransactionID: 1,
          Cause: { protocol: 'abstract-syntax-error-ignore-and-notify' },
          CriticalityDiagnostics: {
            procedureCode: 1,
            triggeringMessage: 'initiating-message',
            procedureCriticality: 'reject',
            ...diagnosed(999, 'not-understood', 'notify'),
          },
        },
      },
    });
  });

  it('is refused by an error indication when there is no failure for it', () => {
    expect(judge('RICindication', [...INDICATION, stranger('reject')])).toMatchObject({
      action: 'reject',
      answer: { name: 'ErrorIndication', ies: { RICrequestID: A_REQUEST_ID, RANfunctionID: 2 } },
    });
  });

  it('counts values that were added later, and items in lists', () => {
    const cause = { id: 1, criticality: 'ignore', value: { protocol: '...9' } } as const;
    const reset = [...elementsFor('ResetRequest', { TransactionID: 3 }), cause];
    expect(judge('ResetRequest', reset)).toMatchObject({
      action: 'accept',
      found: [{ kind: 'notUnderstood', id: 1 }],
    });
    const [item] = wrapItems('RICaction-ToBeSetup-Item', [{ ricActionID: 1, ricActionType: 'report' }]);
    const details = {
      ricEventTriggerDefinition: new Uint8Array(),
      'ricAction-ToBeSetup-List': [item!, { ...stranger('reject'), id: 500 }],
    };
    const asked = encodeMessage(
      'RICsubscriptionRequest',
      aSubscriptionRequest({ RICsubscriptionDetails: details }),
    );
    expect(judgeBytes(asked)).toMatchObject({
      action: 'reject',
      found: [{ kind: 'notUnderstood', id: 500 }],
      answer: { name: 'RICsubscriptionFailure' },
    });
  });
});

describe('a request without an element that it must have', () => {
  it('is refused as the specification rates the element', () => {
    expect(
      judge(
        'E2setupRequest',
        SETUP.filter(({ id }) => id !== 10),
      ),
    ).toMatchObject({
      action: 'reject',
      found: [{ kind: 'missing', id: 10 }],
      answer: { name: 'E2setupFailure', ies: { CriticalityDiagnostics: diagnosed(10, 'missing') } },
    });
    const reset = elementsFor('ResetRequest', { TransactionID: 3 });
    expect(judge('ResetRequest', reset)).toMatchObject({
      action: 'accept',
      found: [{ kind: 'missing', id: 1 }],
    });
  });

  it('is refused by an error indication when its failure could not be filled', () => {
    expect(judge('E2setupRequest', SETUP.slice(1))).toMatchObject({
      found: [{ kind: 'missing', id: 49 }],
      answer: { name: 'ErrorIndication', ies: { CriticalityDiagnostics: { procedureCode: 1 } } },
    });
  });
});

describe('a request that is falsely constructed', () => {
  it.each([
    ['elements in another order', [SETUP[1]!, SETUP[0]!, ...SETUP.slice(2)], { kind: 'wrongOrder', id: 49 }],
    ['an element twice', [...SETUP.slice(0, 2), SETUP[1]!, ...SETUP.slice(2)], { kind: 'repeated', id: 3 }],
  ] as const)('with %s', (_what, elements, finding) => {
    expect(judge('E2setupRequest', elements)).toMatchObject({
      action: 'reject',
      cause: 'abstract-syntax-error-falsely-constructed-message',
      found: [finding],
      answer: { name: 'E2setupFailure' },
    });
  });
});

describe('a procedure that is not known', () => {
  it.each([
    ['reject', 'reject', 'abstract-syntax-error-reject'],
    ['notify', 'ignore', 'abstract-syntax-error-ignore-and-notify'],
  ] as const)('that says %s is told of', (criticality, action, cause) => {
    expect(judge('ErrorIndication', [], { code: 99, criticality })).toMatchObject({
      action,
      found: [{ kind: 'unknownProcedure' }],
      answer: {
        name: 'ErrorIndication',
        ies: {
          Cause: { protocol: cause },
          CriticalityDiagnostics: { procedureCode: 99, procedureCriticality: criticality },
        },
      },
    });
  });

  it('that says ignore is ignored; so is a message that its procedure does not have', () => {
    const ignored = { action: 'ignore', cause: null, answer: null };
    expect(judge('ErrorIndication', [], { code: 99, criticality: 'ignore' })).toMatchObject(ignored);
    expect(judge('RICindication', INDICATION, { kind: 'successful' })).toMatchObject({
      ...ignored,
      found: [{ kind: 'unknownMessage' }],
    });
  });
});

describe('an answer', () => {
  const response = elementsFor('E2setupResponse', { TransactionID: 1, 'GlobalRIC-ID': aGlobalRicId() });

  it('that cannot be taken is refused without a word', () => {
    expect(judge('E2setupResponse', response)).toMatchObject({
      action: 'reject',
      found: [{ kind: 'missing', id: 52 }],
      answer: null,
    });
  });

  it('whose encoding is wrong is told of, with what could be read', () => {
    const broken = { id: 4, criticality: 'reject', value: { '...': Uint8Array.of(0xff) } } as const;
    expect(judge('E2setupResponse', [response[0]!, broken])).toMatchObject({
      action: 'reject',
      cause: 'transfer-syntax-error',
      answer: {
        name: 'ErrorIndication',
        ies: {
          TransactionID: 1,
          Cause: { protocol: 'transfer-syntax-error' },
          CriticalityDiagnostics: { procedureCode: 1, triggeringMessage: 'successful-outcome' },
        },
      },
    });
  });
});

describe('a message with a reference that is not allowed', () => {
  it('is told of by what of the reference may be sent', () => {
    const bytes = encodeMessage('RICcontrolRequest', aControlRequest());
    const at = Buffer.from(bytes).indexOf(Buffer.from('00050002', 'hex')) + 4;
    bytes.set([0xff, 0xfd], at);
    const { cause, answer } = judgeBytes(bytes);
    expect(cause).toBe('transfer-syntax-error');
    expect(answer).toMatchObject({ name: 'ErrorIndication', ies: { RICrequestID: A_REQUEST_ID } });
    expect(answer?.ies).not.toHaveProperty('RANfunctionID');
  });
});

describe('octets that are no message', () => {
  it('are answered, but an error indication never is', () => {
    expect(judgeBytes(Uint8Array.of(0xff))).toMatchObject({
      action: 'reject',
      answer: { name: 'ErrorIndication', ies: { Cause: { protocol: 'transfer-syntax-error' } } },
    });
    const broken = { id: 1, criticality: 'ignore', value: { '...': Uint8Array.of(0xff) } } as const;
    expect(judge('ErrorIndication', [broken])).toMatchObject({
      cause: 'transfer-syntax-error',
      answer: null,
    });
    expect(judge('ErrorIndication', [stranger('reject')]).answer).toBeNull();
  });
});

it('says what is wrong with the meaning of a message by an error indication, too', () => {
  const decoded = decodePdu(encodeMessage('RICindication', anIndication()));
  expect(errorIndication(decoded, 'message-not-compatible-with-receiver-state')).toMatchObject({
    ies: { RICrequestID: A_REQUEST_ID, Cause: { protocol: 'message-not-compatible-with-receiver-state' } },
  });
});

it('tells criticalities that are not those of the specification apart from mistakes that matter', () => {
  const [transaction, ...rest] = SETUP;
  const elements = [{ ...transaction!, criticality: 'notify' as const }, ...rest];
  const decoded = decodePdu(encodeElements('E2setupRequest', elements, { criticality: 'ignore' }));
  expect(comprehend(decoded)).toEqual({ action: 'accept', cause: null, findings: [] });
  expect(criticalityDeviations(decoded.message!)).toEqual([
    { id: null, name: 'E2setupRequest', expected: 'reject', got: 'ignore' },
    { id: 49, name: 'TransactionID', expected: 'reject', got: 'notify' },
  ]);
  const clean = decodePdu(encodeMessage('E2setupRequest', aSetupRequest()));
  expect(criticalityDeviations(clean.message!)).toEqual([]);
});
