import type { Procedure } from '../procedure.ts';
import { control, query } from './ric-control.ts';
import { transferSyntax, unknownElements, unknownProcedures, wronglyMade } from './ric-errors.ts';
import { ricFuzz } from './ric-fuzz.ts';
import { associationFlood } from './ric-flood.ts';
import { removalByNode, removalByRic } from './ric-removal.ts';
import { resetByNode, resetByRic } from './ric-reset.ts';
import { ricSetup, ricSetupOdd } from './ric-setup.ts';
import { deletion, deletionRequired, subscribed, subscriptionRefused } from './ric-subscription.ts';
import { configurationUpdate, connectionUpdate, serviceUpdate } from './ric-updates.ts';
import { validation } from './ric-validation.ts';
import { xappInput } from './ric-xapp.ts';

/** Of a near-RT RIC on E2; the tester is one or several E2 nodes. */
export const E2_RIC_PROCEDURES: readonly Procedure[] = [
  ricSetup,
  ricSetupOdd,
  resetByNode,
  resetByRic,
  transferSyntax,
  unknownElements,
  wronglyMade,
  unknownProcedures,
  serviceUpdate,
  configurationUpdate,
  connectionUpdate,
  removalByNode,
  removalByRic,
  subscribed,
  subscriptionRefused,
  deletion,
  deletionRequired,
  control,
  query,
  validation,
  associationFlood,
  xappInput,
  ricFuzz,
];
