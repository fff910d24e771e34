import type { AmfId } from '../../interfaces/nas/identity.ts';
import type { SNssai } from '../../interfaces/nas/values.ts';
import type { Algorithm } from '../../interfaces/nas-security/types.ts';

/** What an AMF is told about its network. */
export interface AmfSettings {
  readonly name: string;
  readonly plmn: string;
  readonly amfId: AmfId;
  readonly tacs: readonly number[];
  readonly slices: readonly SNssai[];
  /** In the order in which they are liked. */
  readonly ciphering: readonly Algorithm[];
  readonly integrity: readonly Algorithm[];
  /** 0 to 255: how much it can take beside others. */
  readonly capacity: number;
  /** Associations; more are refused. */
  readonly maxAssociations: number;
  /** What a UE that has registered is told its network is called; null: it is told nothing. */
  readonly networkName: string | null;
  /** How long it waits for answers, in ms. */
  readonly answerWithinMs: number;
  /** How long a target keeps what it has allocated for a UE that is handed over, in ms. */
  readonly handoverWithinMs: number;
  /** How long a UE has to answer before it is told again, in ms: T3522, T3550, T3555, T3560 and T3570 of TS 24.501, and T3513. */
  readonly nasTimerMs: number;
  /** The same of its sessions: T3592. */
  readonly sessionTimerMs: number;
}

export const DEFAULT_AMF: AmfSettings = {
  name: 'amf-1',
  plmn: '00101',
  amfId: { region: 2, set: 1, pointer: 0 },
  tacs: [1],
  slices: [{ sst: 1, sd: 0x010203 }],
  ciphering: [2, 1, 3, 0],
  integrity: [2, 1, 3],
  capacity: 255,
  maxAssociations: 8,
  networkName: null,
  answerWithinMs: 3_000,
  handoverWithinMs: 5_000,
  nasTimerMs: 6_000,
  sessionTimerMs: 16_000,
};

/** The longest that a timer can run. */
const NEVER_MS = 2 ** 31 - 1;

/** Of a tester: what a product loses is lost, and is not made good by saying it again. */
export const TESTER_AMF: AmfSettings = {
  ...DEFAULT_AMF,
  name: 'tester',
  nasTimerMs: NEVER_MS,
  sessionTimerMs: NEVER_MS,
};
