import type { Json } from '../../../src/kernel/json.ts';
import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

/** As a product that does not answer, or not in time, is found sooner; nothing else waits for these. */
const SHORT = { responseTimeMs: 1500, notificationWithinMs: 1500, triggerWithinMs: 1000, settleMs: 150 };
const SLOW: Readonly<Record<string, Json>> = { slowMs: 2500 };
const SECURED = { tls: true, mutualTls: true, oauth: true };

const MATRICES: readonly Matrix[] = [
  {
    plan: 'a1-producer',
    parameters: SHORT,
    correct: [
      { name: 'correct over HTTP' },
      { name: 'correct over HTTPS', settings: { tls: true } },
      { name: 'correct over mutual TLS', settings: { tls: true, mutualTls: true } },
      { name: 'correct with tokens', settings: SECURED },
      { name: 'correct below another path', settings: { basePath: '/deep/er' } },
    ],
    settings: SLOW,
    inSuite: [
      'wrong-status-on-create',
      'no-schema-check',
      'update-not-applied',
      'deletes-but-still-lists',
      'unknown-type-gives-500',
      'forgets-policy-types',
      'notifies-after-removal',
      'notifies-rubbish',
    ],
  },
  {
    plan: 'a1-consumer',
    parameters: SHORT,
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['wrong-uri', 'no-notification-destination', 'callback-unknown-uri-200'],
  },
  {
    plan: 'a1-pair',
    parameters: SHORT,
    correct: [
      { name: 'correct over HTTP' },
      { name: 'correct over mutual TLS', settings: { tls: true, mutualTls: true } },
    ],
    settings: SLOW,
    inSuite: ['non-rt-ric/wrong-uri', 'near-rt-ric/missing-location'],
  },
  {
    // No defect here is about time, so that a busy machine must not be one.
    plan: 'api-security',
    parameters: { responseTimeMs: 10_000, oversizeBytes: 512 * 1024 },
    correct: [{ name: 'correct', settings: SECURED }],
    settings: SECURED,
    inSuite: [
      'cbc-suites',
      'no-client-certificate-asked',
      'expired-certificate',
      'no-token-check',
      'ignores-scope',
      '500-on-bad-json',
    ],
  },
];

testDefects(MATRICES);
