import { errorProcedures } from '../ap/suite/errors.ts';
import { fuzzing, protection, sctpSecurity } from '../ap/suite/security.ts';
import type { Procedure } from '../procedure.ts';
import { bearerContext, bearerRelease, unknownAlgorithm } from './bearers.ts';
import { CU_UP_RESETS } from './resets.ts';
import { setupByCuCp, setupByCuUp, setupRefused } from './setup.ts';
import { CU_UP_SUITE } from './suite.ts';

/** Of a gNB-CU-UP on E1; the tester is the gNB-CU-CP, and both ends of its tunnels. */
export const E1_CU_UP_PROCEDURES: readonly Procedure[] = [
  ...[setupByCuUp, setupByCuCp, setupRefused],
  ...[bearerContext, bearerRelease, unknownAlgorithm, ...CU_UP_RESETS],
  ...errorProcedures(CU_UP_SUITE),
  ...[protection(CU_UP_SUITE), sctpSecurity(CU_UP_SUITE), fuzzing(CU_UP_SUITE)],
];
