import type { Procedure } from '../procedure.ts';
import { cancellation, fullReset, partialReset, unknownIds } from './contexts.ts';
import { notSwitched, takenOver, unknownCell } from './handover-in.ts';
import { givenAway, overallTimer, preparationTimer } from './handover-out.ts';
import { contextRetrieval, paging } from './inactive.ts';
import { ownSetup, reconnect, refusedSetups, setup, timeToWait } from './setup.ts';
import { xnSuite } from './suite.ts';
import { configurationUpdate, ownProcedures, removal } from './upkeep.ts';

/** Everything that is done with a gNB as product on Xn; the tester is its neighbour and its AMF. */
export const XN_PROCEDURES: readonly Procedure[] = [
  ...[setup, ownSetup, ...refusedSetups, reconnect, timeToWait],
  ...[configurationUpdate, removal, ...ownProcedures],
  ...[takenOver, notSwitched, unknownCell, givenAway, preparationTimer, overallTimer],
  ...[cancellation, fullReset, partialReset, unknownIds],
  ...[contextRetrieval, paging],
  ...xnSuite,
];
