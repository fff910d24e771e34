import { CAUSE_KINDS, type Cause, type FilledPeer } from '../domain/case-record.ts';
import { DISPOSITIONS, type Disposition, type Verdict, VERDICTS } from '../domain/verdict.ts';
import { FieldProblem } from './fields.ts';
import { patchbay } from './gen/patchbay.js';

const wire = patchbay.v1;

/** A value that proto gains does not compile here until somebody decides what it means. */
type Names<E> = Exclude<keyof E, `${string}_UNSPECIFIED`>;

const VERDICT_NAMES = {
  VERDICT_NONE: 'none',
  VERDICT_PASS: 'pass',
  VERDICT_INCONC: 'inconc',
  VERDICT_FAIL: 'fail',
  VERDICT_ERROR: 'error',
} as const satisfies Record<Names<typeof wire.Verdict>, Verdict>;

const DISPOSITION_NAMES = {
  DISPOSITION_NOT_APPLICABLE: 'notApplicable',
  DISPOSITION_NOT_SUPPORTED_BY_DUT: 'notSupportedByDut',
  DISPOSITION_NOT_SUPPORTED_BY_TESTBED: 'notSupportedByTestbed',
  DISPOSITION_BLOCKED: 'blocked',
  DISPOSITION_NOT_RUN: 'notRun',
} as const satisfies Record<Names<typeof wire.Disposition>, Disposition>;

const CAUSE_NAMES = {
  CAUSE_KIND_PRODUCT: 'product',
  CAUSE_KIND_SPECIFICATION: 'specification',
  CAUSE_KIND_HARNESS: 'harness',
  CAUSE_KIND_TESTBED: 'testbed',
  CAUSE_KIND_UNDETERMINED: 'undetermined',
} as const satisfies Record<Names<typeof wire.CauseKind>, Cause['kind']>;

const FILLED_BY_NAMES = {
  FILLED_BY_EQUIPMENT: 'equipment',
  FILLED_BY_SIMULATOR: 'simulator',
  FILLED_BY_TESTER: 'tester',
} as const satisfies Record<Names<typeof wire.FilledBy>, FilledPeer['filledBy']>;

const LOG_LEVEL_NAMES = {
  LOG_LEVEL_INFO: 'info',
  LOG_LEVEL_WARN: 'warn',
  LOG_LEVEL_ERROR: 'error',
} as const satisfies Record<Names<typeof wire.LogLevel>, LogLevel>;

const WANT_NAMES = {
  WANT_RUN: 'run',
  WANT_CONTINUE: 'continue',
  WANT_CANCEL: 'cancel',
  WANT_ABORT: 'abort',
  WANT_FORGET: 'forget',
} as const satisfies Record<Names<typeof wire.Want>, Want>;

export const LOG_LEVELS = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * What the orchestrator wants of a run: `run` it (once), `continue` it (never start it), `cancel` it after the case
 * under way, `abort` it now, or `forget` it because all of it is stored.
 */
export const WANTS = ['run', 'continue', 'cancel', 'abort', 'forget'] as const;
export type Want = (typeof WANTS)[number];

export const verdictEnum = makeEnum<Verdict, patchbay.v1.Verdict>(VERDICTS, VERDICT_NAMES, wire.Verdict);
export const dispositionEnum = makeEnum<Disposition, patchbay.v1.Disposition>(
  DISPOSITIONS,
  DISPOSITION_NAMES,
  wire.Disposition,
);
export const causeEnum = makeEnum<Cause['kind'], patchbay.v1.CauseKind>(
  CAUSE_KINDS,
  CAUSE_NAMES,
  wire.CauseKind,
);
export const filledByEnum = makeEnum<FilledPeer['filledBy'], patchbay.v1.FilledBy>(
  ['equipment', 'simulator', 'tester'],
  FILLED_BY_NAMES,
  wire.FilledBy,
);
export const logLevelEnum = makeEnum<LogLevel, patchbay.v1.LogLevel>(
  LOG_LEVELS,
  LOG_LEVEL_NAMES,
  wire.LogLevel,
);
export const wantEnum = makeEnum<Want, patchbay.v1.Want>(WANTS, WANT_NAMES, wire.Want);

interface EnumCodec<T, W> {
  toWire(value: T): W;
  fromWire(value: W | null | undefined, field: string): T;
}

function makeEnum<T extends string, W extends number>(
  values: readonly T[],
  names: Readonly<Record<string, T>>,
  numbers: object,
): EnumCodec<T, W> {
  const numberOf = new Map(
    Object.entries(names).map(([name, value]) => [value, (numbers as Record<string, W>)[name] as W]),
  );
  const valueOf = new Map([...numberOf].map(([value, number]) => [number, value]));
  const unspoken = values.find((value) => !numberOf.has(value));
  if (unspoken !== undefined) throw new TypeError(`the wire has no number for ${unspoken}`);
  return {
    toWire: (value) => numberOf.get(value) as W,
    fromWire: (number, field) => {
      const value = number === null || number === undefined ? undefined : valueOf.get(number);
      if (value === undefined) throw new FieldProblem(field, `has no meaning (${number ?? 'absent'})`);
      return value;
    },
  };
}
