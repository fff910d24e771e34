import fc from 'fast-check';
import { expect, it } from 'vitest';
import { attachRequestCodec } from '../../../src/contract/attach-codec.ts';
import { receive } from '../../../src/contract/codec.ts';
import { observationCodec, type RunObservation } from '../../../src/contract/observation-codec.ts';
import type { ToOrchestrator } from '../../../src/contract/runner-messages.ts';
import { CAUSE_KINDS, type CaseRecord } from '../../../src/domain/case-record.ts';
import type { RunId } from '../../../src/domain/ids.ts';
import { DISPOSITIONS, VERDICTS } from '../../../src/domain/verdict.ts';

const run = 'run-1' as RunId;
const fence = 7;
const ordinal = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const label = fc.stringMatching(/^[a-zA-Z][\w -]{0,30}$/u);
const words = fc.string({ maxLength: 60 });
const digest = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 })
  .map((digits) => `sha256:${digits.map((digit) => digit.toString(16)).join('')}`);
const time = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((date) => date.toISOString());
const reason = fc.record({ code: fc.constantFrom('DEADLINE', 'RUNNER_LOST'), text: words, case: label });
const clause = fc.record(
  {
    id: label,
    verdict: fc.constantFrom(...VERDICTS),
    saw: words.filter((text) => text !== ''),
    blames: fc.constant('acme/ric'),
    evidence: fc.array(digest),
  },
  { requiredKeys: ['id', 'verdict', 'evidence'] },
);
const outcome = fc.oneof(
  fc.record(
    {
      kind: fc.constant('judged'),
      verdict: fc.constantFrom(...VERDICTS),
      clauses: fc.array(clause),
      remarks: fc.array(words),
      reason,
    },
    { requiredKeys: ['kind', 'verdict', 'clauses', 'remarks'] },
  ),
  fc.record({ kind: fc.constant('notJudged'), disposition: fc.constantFrom(...DISPOSITIONS), reason }),
);
const value = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((number) => (number === 0 ? 0 : number));
const checks = fc.array(fc.record({ id: label, fit: fc.boolean(), saw: words }));
const record = fc
  .record({
    run: fc.constant(run),
    retryOf: fc.constantFrom(null, 'run-0'),
    case: label,
    planVersion: label,
    fence: fc.constant(fence),
    startedAt: time,
    endedAt: time,
    outcome,
    cause: fc.record(
      { kind: fc.constantFrom(...CAUSE_KINDS), attributedTo: fc.constant('acme/ric') },
      { requiredKeys: ['kind'] },
    ),
    peers: fc.array(
      fc.record({
        name: label,
        filledBy: fc.constantFrom('equipment', 'simulator', 'tester'),
        id: words,
        version: words,
      }),
    ),
    transports: fc.dictionary(label, words, { noNullPrototype: true }),
    fitness: checks.map((list) => ({ fit: list.every(({ fit }) => fit), checks: list })),
    measurements: fc.array(
      fc.record(
        { name: label, value, unit: words, min: value, max: value },
        { requiredKeys: ['name', 'value', 'unit'] },
      ),
    ),
    evidence: fc.array(fc.record({ digest, mediaType: label, role: label, bytes: fc.nat() })),
  })
  .map((made) => made as unknown as CaseRecord);

const observation = fc
  .oneof(
    fc.record({ kind: fc.constant('caseStarted'), case: label }),
    fc.record({ kind: fc.constant('caseRecord'), record }),
    fc.record({ kind: fc.constant('log'), level: fc.constantFrom('info', 'warn', 'error'), text: words }),
  )
  .chain((body) =>
    fc.record({ seq: ordinal, at: fc.nat() }).map((head) => ({ ...head, ...body }) as RunObservation),
  );

it('an observation comes out as it went in', () => {
  const codec = observationCodec({ run, fence });
  fc.assert(
    fc.property(observation, (made) => {
      expect(codec.parse(codec.render(made))).toEqual(made);
    }),
  );
});

it('what a spool holds is sent as if it had been decoded and encoded again', () => {
  const codec = observationCodec({ run, fence });
  fc.assert(
    fc.property(fc.array(observation, { minLength: 1, maxLength: 5 }), (made) => {
      const observations = made.map((one, index) => ({ ...one, seq: index + 1 }));
      const encoded = observations.map((one) => codec.render(one));
      const sent = attachRequestCodec.render({ kind: 'spooled', run, fence, encoded });
      const expected: ToOrchestrator = { kind: 'observations', batch: { run, fence, observations } };
      expect(attachRequestCodec.parse(sent)).toEqual(expected);
    }),
  );
});

it('hostile bytes are refused with MESSAGE_INVALID and never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const received = receive(attachRequestCodec, bytes);
      if (!received.ok) expect(received.error.code).toBe('MESSAGE_INVALID');
    }),
  );
});

it('names the field that is wrong', () => {
  const wrong: ToOrchestrator = { kind: 'accept', run: '../etc' as RunId, fence: 1 };
  expect(() => attachRequestCodec.parse(attachRequestCodec.render(wrong))).toThrow(
    /AttachRequest\.accept\.run: /u,
  );
  const unsafe = Buffer.from([0x1a, 0x0e, 0x0a, 0x01, 0x78, 0x10, ...Array<number>(8).fill(0xff), 0x7f]);
  unsafe[1] = unsafe.length - 2;
  expect(() => attachRequestCodec.parse(unsafe)).toThrow(/AttachRequest\.accept\.fence: /u);
  const batch = {
    run,
    fence,
    observations: [1, 3].map((seq) => ({ seq, at: 0, kind: 'log', level: 'info', text: '' })),
  };
  const gap = { kind: 'observations', batch } as unknown as ToOrchestrator;
  expect(() => attachRequestCodec.parse(attachRequestCodec.render(gap))).toThrow(
    /observations\[1\]\.seq: is not 2/u,
  );
});
