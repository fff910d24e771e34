import { describe, expect, it } from 'vitest';
import { encodeMessage, PDU_TYPE } from '../../../../../../runners/interfaces/e2/codec.ts';
import { schema } from '../../../../../../runners/interfaces/e2/gen/e2ap-schema.js';
import { makeMutator } from '../../../../../../runners/interfaces/per/mutate/mutate.ts';
import { aSetupRequest, aSubscriptionRequest } from '../../../../../support/e2/messages.ts';

const templates = [
  { name: 'setup', bytes: encodeMessage('E2setupRequest', aSetupRequest()) },
  { name: 'subscription', bytes: encodeMessage('RICsubscriptionRequest', aSubscriptionRequest()) },
];
const options = { schema, variant: 'aligned', type: PDU_TYPE, templates } as const;
const mutantsOf = (seed: number, count: number, mutator = makeMutator(options)) =>
  Array.from({ length: count }, (_, index) => mutator(seed, index));

describe('mutants of messages', () => {
  it('are the same for the same seed and number, in whatever order they are made', () => {
    const forwards = mutantsOf(7, 50);
    const mutator = makeMutator(options);
    const backwards = forwards.map((_, index) => mutator(7, forwards.length - 1 - index)).reverse();
    expect(backwards).toEqual(forwards);
    expect(mutantsOf(8, 50)).not.toEqual(forwards);
  });

  it('differ from their templates and seldom from each other', () => {
    const mutants = mutantsOf(1, 400);
    for (const { template, bytes } of mutants) expect(bytes).not.toEqual(templates[template]?.bytes);
    const texts = new Set(mutants.map(({ bytes }) => Buffer.from(bytes).toString('hex')));
    expect(texts.size).toBeGreaterThan(300);
  });

  it('are changed in bits, fields, lengths, order and elements, and some are noise', () => {
    const names = mutantsOf(3, 600).map(({ name }) => name);
    for (const how of [
      /: a bit/u,
      /: ones/u,
      /: length \d+/u,
      /backwards|an item elsewhere/u,
      /an item less/u,
      /an item twice/u,
      /inside, /u,
      /unknown (?:item|alternative|addition)/u,
      /noise$/u,
    ])
      expect(names.some((name) => how.test(name))).toBe(true);
  });

  it('are no longer than they may be', () => {
    const mutator = makeMutator({ ...options, mostOctets: 200 });
    expect(mutantsOf(1, 300, mutator).every(({ bytes }) => bytes.length <= 600)).toBe(true);
  });

  it('need templates that are sound', () => {
    const broken = [{ name: 'broken', bytes: Uint8Array.of(1, 2, 3) }];
    expect(() => makeMutator({ ...options, templates: broken })).toThrow(
      expect.objectContaining({ code: 'PER_INVALID' }) as Error,
    );
  });
});
