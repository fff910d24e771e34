import type { Mistake, Path } from '../documents/problem.ts';
import { suggestion } from '../documents/nearest.ts';
import type { Parameter, PlanCase } from '../domain/plan.ts';

/** What a procedure wants of one parameter. */
export interface ParameterFacts {
  readonly type: 'number' | 'string' | 'boolean';
  readonly unit?: string;
}

/** Units that the end of a parameter's name says by itself: `responseTimeMs` is in `ms`. */
const UNIT_OF_SUFFIX: Readonly<Record<string, string>> = {
  Bits: 'bits',
  Bps: 'bps',
  Bytes: 'bytes',
  Chars: 'chars',
  Count: 'count',
  Days: 'days',
  Db: 'dB',
  Dbm: 'dBm',
  Degrees: 'degrees',
  Hours: 'hours',
  Hz: 'Hz',
  Khz: 'kHz',
  Mhz: 'MHz',
  Minutes: 'minutes',
  Ms: 'ms',
  Ns: 'ns',
  Percent: 'percent',
  PerSecond: '1/s',
  Ppm: 'ppm',
  Seconds: 's',
  Us: 'us',
};

/** The unit of a parameter: given beside it, or the end of its name. */
export function unitOf(name: string, { unit }: Pick<Parameter, 'unit'>): string | undefined {
  if (unit !== undefined) return unit;
  const suffixes = Object.keys(UNIT_OF_SUFFIX).filter((suffix) => name.endsWith(suffix));
  const longest = suffixes.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : UNIT_OF_SUFFIX[longest];
}

/** What is wrong with the parameters of a case, whatever its procedure: units, limits, values beyond them. */
export function checkParameters(planCase: PlanCase, at: Path): readonly Mistake[] {
  return Object.entries(planCase.parameters).flatMap(([name, parameter]) => {
    const here = [...at, 'parameters', name];
    return typeof parameter.value === 'number'
      ? checkNumber(name, parameter.value, { ...parameter, here })
      : checkPlain(parameter, here);
  });
}

/** Whether the parameters are those that the procedure reads: every one, no other, of its type and unit. */
export function matchParameters(
  planCase: PlanCase,
  wanted: Readonly<Record<string, ParameterFacts>>,
  at: Path,
): readonly Mistake[] {
  const here = [...at, 'parameters'];
  const { parameters, procedure } = planCase;
  const missing = Object.keys(wanted)
    .filter((name) => !Object.hasOwn(parameters, name))
    .map((name) => ({ at: here, what: `${procedure} also needs the parameter "${name}"` }));
  const present = Object.entries(parameters).flatMap(([name, parameter]) => {
    const facts = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (facts !== undefined) return matchOne(name, parameter, { facts, here });
    const what = `${procedure} has no such parameter${suggestion(name, Object.keys(wanted))}`;
    return [{ at: [...here, name], what, onName: true }];
  });
  return [...missing, ...present];
}

function matchOne(
  name: string,
  parameter: Parameter,
  { facts, here }: { readonly facts: ParameterFacts; readonly here: Path },
): readonly Mistake[] {
  const at = [...here, name];
  if (typeof parameter.value !== facts.type)
    return [{ at: [...at, 'value'], what: `must be a ${facts.type}, not a ${typeof parameter.value}` }];
  const unit = unitOf(name, parameter);
  if (facts.unit === undefined || unit === undefined || sameUnit(unit, facts.unit)) return [];
  return [{ at, what: `is in ${unit}, but the procedure reads it in ${facts.unit}` }];
}

/** `ms` and `Ms` are written by different hands; `mW` and `MW` are not units of ours. */
function sameUnit(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function checkNumber(
  name: string,
  value: number,
  { unit, min, max, here }: Omit<Parameter, 'value'> & { readonly here: Path },
): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  if (unitOf(name, unit === undefined ? {} : { unit }) === undefined)
    mistakes.push({
      at: here,
      what: 'a number needs a unit: at the end of its name (…Ms, …Bytes, …Count) or as unit',
    });
  if (min === undefined || max === undefined)
    mistakes.push({ at: here, what: 'a number needs its limits min and max' });
  if (min !== undefined && max !== undefined && min > max)
    mistakes.push({ at: [...here, 'min'], what: `min ${min} is more than max ${max}` });
  else if ((min !== undefined && value < min) || (max !== undefined && value > max))
    mistakes.push({ at: [...here, 'value'], what: `${value} is not within ${min ?? '…'} to ${max ?? '…'}` });
  return mistakes;
}

function checkPlain(parameter: Parameter, here: Path): readonly Mistake[] {
  return (['unit', 'min', 'max'] as const)
    .filter((field) => parameter[field] !== undefined)
    .map((field) => ({ at: [...here, field], what: `only a number has a ${field}`, onName: true }));
}
