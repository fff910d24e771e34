import type { Procedure } from '../procedure.ts';
import { transferSyntax, unknownElements, unknownProcedures, wronglyMade } from './errors.ts';
import { associationFlood } from './flood.ts';
import { amfFuzz } from './fuzz.ts';
import { handover, handoverSecurity } from './handover.ts';
import {
  handoverCancelled,
  handoverNodeLost,
  handoverRefused,
  handoverToNobody,
} from './handover-failures.ts';
import { amfProtection } from './protection.ts';
import {
  algorithms,
  deregistration,
  nullIntegrity,
  registration,
  resynchronisation,
  wrongResponse,
} from './registration.ts';
import { repetition } from './repetition.ts';
import { amfUpdate, contextRelease, partialResetByNode, wholeResetByNode, wrongIds } from './resets.ts';
import { nasProtection, pathSwitch } from './security.ts';
import { paging, session, sessionRelease, unknownDnn, userPlane } from './sessions.ts';
import { amfSetup, ranUpdate, reconnect, unknownPlmn } from './setup.ts';

/** Of an AMF on NG; the tester is one or several gNBs with UEs. */
export const NG_AMF_PROCEDURES: readonly Procedure[] = [
  amfSetup,
  unknownPlmn,
  ranUpdate,
  amfUpdate,
  wholeResetByNode,
  partialResetByNode,
  reconnect,
  registration,
  repetition,
  algorithms,
  resynchronisation,
  wrongResponse,
  nullIntegrity,
  deregistration,
  contextRelease,
  session,
  userPlane,
  sessionRelease,
  unknownDnn,
  paging,
  transferSyntax,
  unknownElements,
  wronglyMade,
  unknownProcedures,
  wrongIds,
  nasProtection,
  pathSwitch,
  handover,
  handoverRefused,
  handoverToNobody,
  handoverCancelled,
  handoverNodeLost,
  handoverSecurity,
  amfProtection,
  associationFlood,
  amfFuzz,
];
