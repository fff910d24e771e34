/**
 * A timetable problem as plain data. Moments and lengths are whole minutes; moments count from the start of the plan.
 * Spans are half-open: what ends at 600 and what starts at 600 do not meet.
 */
export interface TimetableProblem {
  /** Nothing may end after this. */
  readonly horizon: number;
  readonly testbeds: readonly PlannedTestbed[];
  readonly resources: readonly PlannedResource[];
  readonly budgets: readonly PlannedBudget[];
  readonly runs: readonly PlannedRun[];
  /** Testbeds in a row: what passes the first of them before another passes all of them before it. */
  readonly lines: readonly PlannedLine[];
  /** Shares of organisations; those not named have one. */
  readonly shares: Readonly<Record<string, number>>;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One slot of a testbed: one run at a time. */
export interface PlannedTestbed {
  readonly id: string;
  /** When somebody is there to set up and attend, in order; null: always. */
  readonly staffed: readonly Span[] | null;
  /** Maintenance and quarantine: neither runs nor set-up. */
  readonly closed: readonly Span[];
  readonly setUp: SetUpRule;
  /** What is cabled when the plan starts, by role. */
  readonly holds: Readonly<Record<string, string>>;
}

/**
 * Set-up before a run, in staffed minutes: for each role whose product differs from the run before (`byRole`), or by
 * run before and run (`byRun`; what is not named, and the first run, take none).
 */
export type SetUpRule =
  | { readonly kind: 'byRole'; readonly minutes: Readonly<Record<string, number>> }
  | { readonly kind: 'byRun'; readonly minutes: Readonly<Record<string, Readonly<Record<string, number>>>> };

/** Products (capacity 1), instruments, rooms, licences, people. */
export interface PlannedResource {
  readonly id: string;
  readonly capacity: number;
  /** When it can be had, in order; null: always. */
  readonly open: readonly Span[] | null;
}

/** What exists once for the whole plan and is used up. */
export interface PlannedBudget {
  readonly id: string;
  readonly amount: number;
}

export interface PlannedLine {
  readonly testbeds: readonly string[];
}

export interface PlannedRun {
  readonly id: string;
  readonly organisation: string;
  /** Importance of being in time; 1 is normal. */
  readonly weight: number;
  /** Not before. */
  readonly release: number;
  /** Should have ended by then, buffer included; null: whenever. */
  readonly due: number | null;
  /** Runs that must have ended. */
  readonly after: readonly string[];
  /** What is cabled for it, by role. */
  readonly roles: Readonly<Record<string, string>>;
  /** `any`: day and night. `staffed`: somebody has to be there all the time. `paused`: stops when nobody is there. */
  readonly hours: RunHours;
  readonly modes: readonly PlannedMode[];
}

export const RUN_HOURS = ['any', 'staffed', 'paused'] as const;
export type RunHours = (typeof RUN_HOURS)[number];

/** One way to execute a run. */
export interface PlannedMode {
  /** Null: it needs none. */
  readonly testbed: string | null;
  /** Expected (half of such runs are faster). */
  readonly duration: number;
  /** How much longer one in ten takes: kept free before what is due, not before what comes next. */
  readonly buffer: number;
  /** Of resources, from the start of set-up to the end of the run. */
  readonly needs: Readonly<Record<string, number>>;
  readonly takes: Readonly<Record<string, number>>;
}

export const TIMETABLE_CAPS = {
  runs: 3_000,
  testbeds: 200,
  resources: 10_000,
  budgets: 100,
  modesOfARun: 200,
  modes: 60_000,
  linksOfARun: 500,
  capacity: 1_000,
  units: 50_000,
  lines: 20,
  /** Two years. */
  horizon: 1_054_080,
  spansOfACalendar: 2_000,
  roles: 50,
  /** Set-up is looked up by run before and run: four bytes each. */
  setUpCells: 50_000_000,
} as const;
