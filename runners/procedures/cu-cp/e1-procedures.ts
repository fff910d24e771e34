import { errorProcedures } from '../ap/suite/errors.ts';
import { fuzzing, protection, sctpSecurity } from '../ap/suite/security.ts';
import type { Procedure } from '../procedure.ts';
import { e1BearerContext, e1OwnSetup, e1Setup, e1SetupRefused } from './e1-cases.ts';
import { E1_RESETS } from './e1-resets.ts';
import { E1_CU_CP_SUITE } from './suites.ts';

/** Of a gNB-CU-CP on E1; the tester is gNB-CU-UP, gNB-DU, UE and AMF. */
export const E1_CU_CP_PROCEDURES: readonly Procedure[] = [
  ...[e1Setup, e1OwnSetup, e1SetupRefused, e1BearerContext, ...E1_RESETS],
  ...errorProcedures(E1_CU_CP_SUITE),
  ...[protection(E1_CU_CP_SUITE), sctpSecurity(E1_CU_CP_SUITE), fuzzing(E1_CU_CP_SUITE)],
];
