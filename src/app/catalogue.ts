import { A1_PROCEDURES } from '../../runners/procedures/a1/procedures.ts';
import { API_SECURITY_PROCEDURES } from '../../runners/procedures/api-security/procedures.ts';
import { chainProcedures } from '../../runners/procedures/chain/procedures.ts';
import { E1_CU_CP_PROCEDURES } from '../../runners/procedures/cu-cp/e1-procedures.ts';
import { F1_CU_PROCEDURES } from '../../runners/procedures/cu-cp/f1-procedures.ts';
import { e1PairProcedures } from '../../runners/procedures/e1-pair/procedures.ts';
import { E1_CU_UP_PROCEDURES } from '../../runners/procedures/e1-cu-up/procedures.ts';
import { E2_RIC_PROCEDURES } from '../../runners/procedures/e2/ric-procedures.ts';
import { E2_NODE_PROCEDURES } from '../../runners/procedures/e2-node/procedures.ts';
import { E2_PAIR_PROCEDURES } from '../../runners/procedures/e2-pair/procedures.ts';
import { NG_AMF_PROCEDURES } from '../../runners/procedures/ng-amf/procedures.ts';
import { NG_GNB_PROCEDURES } from '../../runners/procedures/ng-gnb/procedures.ts';
import { ngHandoverProcedures } from '../../runners/procedures/ng-handover/procedures.ts';
import { ngPairProcedures } from '../../runners/procedures/ng-pair/procedures.ts';
import { f1PairProcedures } from '../../runners/procedures/f1-pair/procedures.ts';
import { F1_DU_PROCEDURES } from '../../runners/procedures/f1-du/procedures.ts';
import type { Procedure } from '../../runners/procedures/procedure.ts';
import { XN_PROCEDURES } from '../../runners/procedures/xn/procedures.ts';
import { xnPairProcedures } from '../../runners/procedures/xn-pair/procedures.ts';
import { SELF_PROCEDURES } from '../../runners/procedures/self/procedures.ts';
import { E2_NODE } from '../../runners/simulators/e2-node/simulator.ts';
import { NEAR_RT_RIC } from '../../runners/simulators/near-rt-ric/simulator.ts';
import { AMF } from '../../runners/simulators/amf/simulator.ts';
import { GNB, GNB_SECOND } from '../../runners/simulators/gnb/simulator.ts';
import { NEAR_RT_RIC_E2 } from '../../runners/simulators/near-rt-ric-e2/simulator.ts';
import { NON_RT_RIC } from '../../runners/simulators/non-rt-ric/simulator.ts';
import { O_CU_CP } from '../../runners/simulators/o-cu-cp/simulator.ts';
import { O_CU_UP } from '../../runners/simulators/o-cu-up/simulator.ts';
import { O_DU } from '../../runners/simulators/o-du/simulator.ts';
import type { Simulator } from '../../runners/simulators/simulator.ts';
import { XN_GNB, XN_NEIGHBOUR } from '../../runners/simulators/xn-gnb/simulator.ts';
import { shippedPrograms } from './shipped-properties.ts';

/** Every procedure of this release, by its id: what plans may name. */
export const PROCEDURES: ReadonlyMap<string, Procedure> = new Map(
  [
    ...A1_PROCEDURES,
    ...API_SECURITY_PROCEDURES,
    ...E1_CU_CP_PROCEDURES,
    ...E1_CU_UP_PROCEDURES,
    ...e1PairProcedures(shippedPrograms('e1ap')),
    ...F1_CU_PROCEDURES,
    ...F1_DU_PROCEDURES,
    ...f1PairProcedures(shippedPrograms('f1ap')),
    ...E2_NODE_PROCEDURES,
    ...E2_PAIR_PROCEDURES,
    ...E2_RIC_PROCEDURES,
    ...NG_AMF_PROCEDURES,
    ...NG_GNB_PROCEDURES,
    ...ngHandoverProcedures(shippedPrograms('ngap')),
    ...ngPairProcedures(shippedPrograms('ngap')),
    ...SELF_PROCEDURES,
    ...XN_PROCEDURES,
    ...xnPairProcedures(shippedPrograms('xnap')),
    ...chainProcedures({
      ng: shippedPrograms('ngap'),
      e1: shippedPrograms('e1ap'),
      f1: shippedPrograms('f1ap'),
    }),
  ].map((procedure) => [procedure.id, procedure]),
);

/** Every simulator of this release, by its name: what may stand for equipment or fill a peer. */
export const SIMULATORS: ReadonlyMap<string, Simulator> = new Map(
  [
    AMF,
    E2_NODE,
    GNB,
    GNB_SECOND,
    NEAR_RT_RIC,
    NEAR_RT_RIC_E2,
    NON_RT_RIC,
    O_CU_CP,
    O_CU_UP,
    O_DU,
    XN_GNB,
    XN_NEIGHBOUR,
  ].map((simulator) => [simulator.name, simulator]),
);

export const CATALOGUE = { procedures: PROCEDURES, simulators: SIMULATORS } as const;
