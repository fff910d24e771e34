import { errorProcedures } from '../ap/suite/errors.ts';
import { fuzzing, protection, sctpSecurity } from '../ap/suite/security.ts';
import type { Procedure } from '../procedure.ts';
import { f1CuUpdate, f1DuUpdate, f1Reconnect, f1Setup, f1SetupRefused } from './f1-setup.ts';
import { F1_RESETS } from './f1-resets.ts';
import { f1Paging, f1Registration, f1Session } from './f1-ue.ts';
import { F1_CU_SUITE } from './suites.ts';

/** Of a gNB-CU on F1; the tester is gNB-DU, UE, gNB-CU-UP and AMF. */
export const F1_CU_PROCEDURES: readonly Procedure[] = [
  ...[f1Setup, f1SetupRefused, f1Reconnect, f1DuUpdate, f1CuUpdate],
  ...[f1Registration, f1Session, f1Paging, ...F1_RESETS],
  ...errorProcedures(F1_CU_SUITE),
  ...[protection(F1_CU_SUITE), sctpSecurity(F1_CU_SUITE), fuzzing(F1_CU_SUITE)],
];
