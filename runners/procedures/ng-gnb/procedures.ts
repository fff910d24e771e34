import type { Procedure } from '../procedure.ts';
import { transferSyntax, unknownElements } from './errors.ts';
import { handoverAway, handoverAwayCancelled, handoverAwayRefused } from './handover-source.ts';
import { handoverHere, handoverHereRefused, handoverHereReleased } from './handover-target.ts';
import { badInput, gnbFuzz } from './hostile.ts';
import { gnbProtection } from './protection.ts';
import { duplicate, session, sessionRelease, userPlane } from './sessions.ts';
import { amfUpdate, gnbSetup, ranUpdate, reconnect, setupRefused } from './setup.ts';
import {
  contextRelease,
  noCommonAlgorithm,
  paging,
  partialReset,
  registration,
  wholeReset,
  wrongIds,
} from './ues.ts';

/** Of a gNB on NG; the tester is an AMF, with what stands in for the rest of a core. */
export const NG_GNB_PROCEDURES: readonly Procedure[] = [
  gnbSetup,
  setupRefused,
  registration,
  session,
  duplicate,
  sessionRelease,
  userPlane,
  contextRelease,
  paging,
  noCommonAlgorithm,
  amfUpdate,
  ranUpdate,
  wholeReset,
  partialReset,
  wrongIds,
  unknownElements,
  transferSyntax,
  reconnect,
  handoverAway,
  handoverAwayRefused,
  handoverAwayCancelled,
  handoverHere,
  handoverHereRefused,
  handoverHereReleased,
  gnbProtection,
  badInput,
  gnbFuzz,
];
