import type { EquipmentAuth, EquipmentInterface } from '../../src/domain/equipment.ts';
import type { Role } from '../../src/domain/plan.ts';
import type { Json } from '../../src/kernel/json.ts';

/** One of our simulators: a process of its own that speaks the real protocol. */
export interface Simulator {
  readonly name: string;
  readonly role: Role;
  /** Further roles in which it can stand, by its settings. */
  readonly alsoRoles?: readonly Role[];
  readonly version: string;
  /** Named defect modes, each with the sentence that says what it does wrong. */
  readonly defects: Readonly<Record<string, string>>;
  /** What a correct one claims; merged under the ICS of the equipment file. */
  readonly ics: Readonly<Record<string, Json>>;
  start(request: SimulatorStart, options: { signal: AbortSignal }): Promise<RunningSimulator>;
}

export interface SimulatorStart {
  readonly defects: readonly string[];
  readonly settings: Readonly<Record<string, Json>>;
  /** A folder of its own for certificates, configuration and logs; removed by its owner. */
  readonly dir: string;
}

/** A started simulator fills in what an equipment file would say. Disposing stops the process. */
export interface RunningSimulator extends AsyncDisposable {
  readonly interfaces: Readonly<Record<string, EquipmentInterface>>;
  /** What it claims as it was started; merged over the claims of the simulator. */
  readonly ics?: Readonly<Record<string, Json>>;
  readonly ixit: Readonly<Record<string, Json>>;
  readonly auth?: EquipmentAuth;
  /** What it was started with, rendered; evidence. */
  readonly configuration: string;
  /** What the process printed so far, capped. */
  log(): string;
  /** Whether the process still runs; a simulator that died is a failure of ours, unless it is the product. */
  alive(): boolean;
}
