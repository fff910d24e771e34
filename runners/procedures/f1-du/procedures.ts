import { errorProcedures } from '../ap/suite/errors.ts';
import { fuzzing, protection, sctpSecurity } from '../ap/suite/security.ts';
import type { Procedure } from '../procedure.ts';
import { DU_RESETS } from './resets.ts';
import { duSetup, duSetupRefused } from './setup.ts';
import { DU_SUITE } from './suite.ts';
import { duContext, duPaging, duRelease } from './ue.ts';

/** Of a gNB-DU on F1; the tester is the gNB-CU, and the end of its tunnels. */
export const F1_DU_PROCEDURES: readonly Procedure[] = [
  ...[duSetup, duSetupRefused, duContext, duRelease, ...DU_RESETS, duPaging],
  ...errorProcedures(DU_SUITE),
  ...[protection(DU_SUITE), sctpSecurity(DU_SUITE), fuzzing(DU_SUITE)],
];
