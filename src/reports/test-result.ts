import type { Statement } from '../attest/format/statement.ts';
import { STATEMENT_TYPE, TEST_RESULT_TYPE } from '../attest/format/uris.ts';
import { PAYLOAD_TYPE } from '../attest/format/envelope.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import { asJson } from './json.ts';
import type { RenderedStatement } from './statement.ts';
import { WORDS, type Words } from './vocabularies.ts';

/**
 * The report in the words of in-toto's test-result/v0.1, to be signed by the lab's system: made from what everybody may
 * read of the report and nothing else, and naming its payload.
 *
 * The format knows neither "inconclusive" nor "not run", so it fails closed: PASSED means that the report says PASS and
 * that no case, optional ones included, is undecided.
 */
export function renderTestResult({ statement, digest }: RenderedStatement): Uint8Array {
  const { outcome, cases } = statement.predicate;
  const named = (list: Words['testResult']): readonly string[] =>
    cases.filter(([, , finding]) => WORDS[finding].testResult === list).map(([number]) => number);
  const failedTests = named('failedTests');
  return canonicalBytes(
    asJson({
      _type: STATEMENT_TYPE,
      subject: statement.subject satisfies Statement['subject'],
      predicateType: TEST_RESULT_TYPE,
      predicate: {
        result: outcome.result === 'PASS' && failedTests.length === 0 ? 'PASSED' : 'FAILED',
        configuration: [{ name: 'conformance-report', digest: { sha256: digest }, mediaType: PAYLOAD_TYPE }],
        passedTests: named('passedTests'),
        warnedTests: [],
        failedTests,
      },
    }),
  );
}
