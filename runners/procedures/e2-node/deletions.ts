import { answeredWith, broken, clausesOf, type Found, unseen, withCause } from '../ap/judging.ts';
import { answerTo, openingOf } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../e2/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { mustHaveKpm, mustReport, REQUEST_ID } from './kpm.ts';
import { driveNode, mustSetUp } from './node.ts';
import { GRACE, REPORTING } from './parameters.ts';
import { askedIn, judgeSilence } from './reports.ts';
import { quietly } from './resets.ts';

/** E2TS 6.2.2.2.1 */
export const deletion: Procedure = {
  id: 'e2.node.delete',
  parameters: { ...REPORTING, graceMs: GRACE },
  clauses: ['answered', 'silenced'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      const { id } = await mustReport(driver, presented);
      const ies = { RICrequestID: REQUEST_ID, RANfunctionID: id };
      await presented.link.request('delete', { name: 'RICsubscriptionDeleteRequest', ies }, driver.waiting);
      await quietly(driver);
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, 'delete');
    const end = request && answerTo(pdus, request);
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, ['RICsubscriptionDeleteResponse']),
        silenced: judgeSilence(pdus, askedIn(pdus), { end, graceMs: seen.number('graceMs') }),
      }),
    };
  },
};

interface Wrong {
  readonly id: string;
  readonly RICrequestID: typeof REQUEST_ID;
  /** From those that the product has. */
  readonly functionId: (known: readonly number[], kpm: number) => number;
  readonly cause: string;
}

const UNKNOWN_REQUEST = { ricRequestorID: 9_999, ricInstanceID: 9_999 };

const WRONG: readonly Wrong[] = [
  {
    id: 'e2.node.delete-unknown-request',
    RICrequestID: UNKNOWN_REQUEST,
    functionId: (_known, kpm) => kpm,
    cause: 'ricRequest request-id-unknown',
  },
  {
    id: 'e2.node.delete-unknown-function',
    RICrequestID: REQUEST_ID,
    functionId: (known) => [4_095, 4_094, 4_093].find((id) => !known.includes(id)) ?? 4_092,
    cause: 'ricRequest ran-function-id-invalid',
  },
];

/** E2TS 6.2.2.2.2 and 6.2.2.2.3: what was not there cannot be deleted, and the right reason is given. */
export const wrongDeletions: readonly Procedure[] = WRONG.map(({ id, RICrequestID, functionId, cause }) => ({
  id,
  parameters: REPORTING,
  clauses: ['answered', 'cause'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      const kpm = mustHaveKpm(presented);
      const known = presented.functions.map(({ ranFunctionID }) => ranFunctionID);
      const ies = { RICrequestID, RANfunctionID: functionId(known, kpm.id) };
      await presented.link.request('delete', { name: 'RICsubscriptionDeleteRequest', ies }, driver.waiting);
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, 'delete');
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, ['RICsubscriptionDeleteFailure']),
        cause: judgeCause(pdus, request, cause),
      }),
    };
  },
}));

function judgeCause(pdus: readonly SeenPdu[], request: SeenPdu | undefined, cause: string): Found {
  const answer = request && answerTo(pdus, request);
  const failure = messagesOf(pdus, 'RICsubscriptionDeleteFailure', 'received').find(
    ({ n }) => n === answer?.n,
  );
  if (failure === undefined) return unseen('no RIC SUBSCRIPTION DELETE FAILURE came');
  const { Cause } = failure.message.ies;
  return Cause === undefined ? broken('no cause', failure.n) : withCause(failure, Cause, [cause]);
}
