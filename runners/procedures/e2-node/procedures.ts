import type { Procedure } from '../procedure.ts';
import { controls, wrongControl } from './controls.ts';
import { deletion, wrongDeletions } from './deletions.ts';
import { nodeFuzz } from './fuzz.ts';
import { elsewhere, refused, timeToWait, transferSyntax } from './refusals.ts';
import { resetByNode, resetByRic } from './resets.ts';
import { answeredTwice, sctpSecurity } from './robustness.ts';
import { setup } from './setup.ts';
import { strangeMessages } from './strange-messages.ts';
import { kpmStyles, modification, query } from './styles.ts';
import { ownProcedures, removalByRic, serviceQueries } from './upkeep.ts';

/** Everything that is done with an E2 node as product. */
export const E2_NODE_PROCEDURES: readonly Procedure[] = [
  setup,
  ...[resetByRic, resetByNode, transferSyntax],
  ...kpmStyles,
  ...[modification, deletion, ...wrongDeletions],
  ...[...controls, wrongControl, query],
  ...[timeToWait, refused, elsewhere],
  ...[...serviceQueries, ...ownProcedures, removalByRic],
  ...[...strangeMessages, answeredTwice, sctpSecurity, nodeFuzz],
];
