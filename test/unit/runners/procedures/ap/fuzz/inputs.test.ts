import { describe, expect, it } from 'vitest';
import { decodePdu, encodeMessage } from '../../../../../../runners/interfaces/e2/codec.ts';
import {
  FUZZ_CLASSES,
  type FuzzCorpus,
  type FuzzInput,
  makeFuzzInputs,
} from '../../../../../../runners/procedures/ap/fuzz/inputs.ts';
import { E2 } from '../../../../../../runners/procedures/ap/interfaces/e2.ts';
import type { E2apShape } from '../../../../../../runners/interfaces/e2/types.ts';
import { anIndication, aSetupRequest, aSubscriptionRequest } from '../../../../../support/e2/messages.ts';

const FUZZ_STATES = ['before-setup', 'after-setup', 'subscribed'];
const corpus: FuzzCorpus<E2apShape> = {
  spoken: E2,
  templates: [
    {
      name: 'E2setupRequest',
      states: ['before-setup'],
      bytes: encodeMessage('E2setupRequest', aSetupRequest()),
    },
    {
      name: 'RICsubscriptionRequest',
      states: ['after-setup', 'subscribed'],
      bytes: encodeMessage('RICsubscriptionRequest', aSubscriptionRequest()),
    },
    { name: 'RICindication', states: ['subscribed'], bytes: encodeMessage('RICindication', anIndication()) },
  ],
  seed: 5,
  spared: [],
};
const numbers = Array.from({ length: 48 }, (_, index) => index);
const inputsOf = (changes: Partial<FuzzCorpus<E2apShape>> = {}) => {
  const inputs = makeFuzzInputs({ ...corpus, ...changes });
  return FUZZ_STATES.flatMap((state) => numbers.map((index) => inputs(state, index)));
};

const octetsOf = (inputs: readonly FuzzInput[]) =>
  inputs.map(({ bytes }) => Buffer.from(bytes).toString('hex'));

describe('inputs of a campaign of mutated messages', () => {
  const all = inputsOf();

  it('are the same octets for the same seed, and others for another', () => {
    expect(octetsOf(inputsOf())).toEqual(octetsOf(all));
    expect(octetsOf(inputsOf({ seed: 6 }))).not.toEqual(octetsOf(all));
  });

  it('are of every class in every state', () => {
    const seen = new Set(all.map((input) => `${input.state} ${input.class}`));
    expect(seen.size).toBe(FUZZ_STATES.length * FUZZ_CLASSES.length);
  });

  it('of the class state are valid messages that belong to another state', () => {
    const states = all.filter((input) => input.class === 'state' && input.state === 'before-setup');
    for (const { bytes, template } of states) {
      expect(template).not.toBe('E2setupRequest');
      expect(decodePdu(bytes).faults).toEqual([]);
    }
  });

  it('of the class order can be decoded, with elements exchanged, repeated, left out or unknown', () => {
    const orders = all.filter((input) => input.class === 'order');
    expect(orders.every(({ bytes }) => decodePdu(bytes).faults.length === 0)).toBe(true);
    for (const how of [/exchanged/u, /twice/u, /without/u, /unknown/u])
      expect(orders.some((input) => how.test(input.how))).toBe(true);
  });

  it('are none of the messages that are spared, save when such a one is out of its state', () => {
    const { code } = decodePdu(encodeMessage('RICindication', anIndication())).envelope ?? { code: -1 };
    const mutants = inputsOf({ spared: ['RICindication'] }).filter((input) => input.class !== 'state');
    expect(
      mutants.some(({ bytes }) => {
        const { envelope } = decodePdu(bytes);
        return envelope?.code === code && envelope.kind === 'initiating';
      }),
    ).toBe(false);
  });
});
