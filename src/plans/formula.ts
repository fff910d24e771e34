import { suggestion } from '../documents/nearest.ts';
import type { Mistake } from '../documents/problem.ts';
import { type End, ENDS, type Formula, type MessageAtom, type Scalar } from '../domain/trace-property.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import { err, ok, type Result } from '../kernel/result.ts';

type At = readonly (string | number)[];

const MAX_WITHIN_MS = 86_400_000;
/** Every operator: what else may stand beside it, and whether it needs a time. */
const OPERATORS: Readonly<
  Record<string, { readonly beside: readonly string[]; readonly time?: 'may' | 'must' }>
> = {
  message: { beside: ['by', 'having'] },
  not: { beside: [] },
  all: { beside: [] },
  any: { beside: [] },
  previously: { beside: [] },
  once: { beside: ['withinMs'], time: 'may' },
  since: { beside: ['withinMs'], time: 'may' },
  answers: { beside: ['with'] },
  eventually: { beside: ['withinMs'], time: 'must' },
  always: { beside: ['withinMs'], time: 'must' },
  never: { beside: ['withinMs'], time: 'must' },
  until: { beside: ['withinMs'], time: 'must' },
  answeredBy: { beside: ['withinMs'], time: 'must' },
};

/** A formula as a document has it; one mistake, the first. */
export function readFormula(value: Json | object, at: At): Result<Formula, readonly Mistake[]> {
  try {
    return ok(formula(value as Json, at));
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return err([error.mistake]);
  }
}

class Wrong extends Error {
  readonly mistake: Mistake;

  constructor(at: At, what: string, onName = false) {
    super(what);
    this.mistake = { at, what, ...(onName ? { onName } : {}) };
  }
}

function formula(value: Json | undefined, at: At): Formula {
  const { operator, fields } = operatorOf(value, at);
  const of = fields[operator];
  const here = [...at, operator];
  const time = withinOf(fields, operator, at);
  switch (operator) {
    case 'message':
      return atom(fields, at);
    case 'not':
      return { not: formula(of, here) };
    case 'all':
      return { all: list(of, here) };
    case 'any':
      return { any: list(of, here) };
    case 'previously':
      return { previously: formula(of, here) };
    case 'once':
      return { once: formula(of, here), ...time };
    case 'since': {
      const [from, hold] = pair(of, ['from', 'hold'], here);
      return { since: { from, hold }, ...time };
    }
    case 'answers':
      return { answers: names(of, here), with: names(fields['with'], [...at, 'with']) };
    default:
      return ahead(operator, of, { at: here, withinMs: time.withinMs ?? 0 });
  }
}

function ahead(
  operator: string,
  of: Json | undefined,
  { at, withinMs }: { readonly at: At; readonly withinMs: number },
): Formula {
  if (operator === 'eventually') return { eventually: formula(of, at), withinMs };
  if (operator === 'always') return { always: formula(of, at), withinMs };
  if (operator === 'never') return { never: formula(of, at), withinMs };
  if (operator === 'answeredBy') return { answeredBy: names(of, at), withinMs };
  const [hold, reach] = pair(of, ['hold', 'reach'], at);
  return { until: { hold, reach }, withinMs };
}

function operatorOf(value: Json | undefined, at: At): { operator: string; fields: JsonObject } {
  const known = Object.keys(OPERATORS);
  if (value === undefined || !isJsonObject(value))
    throw new Wrong(at, `must be a map with one of ${known.join(', ')}`);
  const present = Object.keys(value);
  const [operator, second] = present.filter((name) => Object.hasOwn(OPERATORS, name));
  if (operator === undefined) {
    const [wrong = ''] = present;
    throw new Wrong(at, `must have one of ${known.join(', ')}${suggestion(wrong, known)}`);
  }
  if (second !== undefined) throw new Wrong([...at, second], `cannot stand beside "${operator}"`, true);
  const beside = OPERATORS[operator]?.beside ?? [];
  const strange = present.find((name) => name !== operator && !beside.includes(name));
  if (strange === undefined) return { operator, fields: value };
  throw new Wrong([...at, strange], `unknown field${suggestion(strange, beside)}`, true);
}

function withinOf(fields: JsonObject, operator: string, at: At): { withinMs?: number } {
  const time = OPERATORS[operator]?.time;
  const { withinMs } = fields;
  if (withinMs === undefined && time === 'must') throw new Wrong(at, 'the field "withinMs" is missing');
  if (withinMs === undefined) return {};
  if (typeof withinMs !== 'number' || !(withinMs >= 0 && withinMs <= MAX_WITHIN_MS))
    throw new Wrong([...at, 'withinMs'], `must be a number from 0 to ${MAX_WITHIN_MS}`);
  return { withinMs };
}

function atom({ message, by, having }: JsonObject, at: At): MessageAtom {
  if (by !== undefined && !isEnd(by)) throw new Wrong([...at, 'by'], `must be one of ${ENDS.join(', ')}`);
  return {
    message: names(message, [...at, 'message']),
    ...(by === undefined ? {} : { by }),
    ...(having === undefined ? {} : { having: conditions(having, [...at, 'having']) }),
  };
}

function conditions(value: Json, at: At): Readonly<Record<string, readonly Scalar[]>> {
  if (!isJsonObject(value)) throw new Wrong(at, 'must be a map from paths to values');
  return Object.fromEntries(
    Object.entries(value).map(([path, values]) => {
      const all = Array.isArray(values) ? (values as readonly Json[]) : [values];
      if (!all.every(isScalar)) throw new Wrong([...at, path], 'must be a value or a list of values');
      return [path, all];
    }),
  );
}

function names(value: Json | undefined, at: At): readonly string[] {
  const all = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const isGood = all.length > 0 && all.every((name) => typeof name === 'string' && name !== '');
  if (!isGood) throw new Wrong(at, 'must be the name of a message, or a list of names');
  return all as readonly string[];
}

function list(value: Json | undefined, at: At): readonly Formula[] {
  if (!Array.isArray(value) || value.length === 0) throw new Wrong(at, 'must be a list of statements');
  return (value as readonly Json[]).map((each, index) => formula(each, [...at, index]));
}

function pair(
  value: Json | undefined,
  [first, second]: readonly [string, string],
  at: At,
): readonly [Formula, Formula] {
  const isPair = value !== undefined && isJsonObject(value) && Object.keys(value).length === 2;
  if (!isPair || !(first in value) || !(second in value))
    throw new Wrong(at, `must be a map with ${first} and ${second}`);
  return [formula(value[first], [...at, first]), formula(value[second], [...at, second])];
}

function isEnd(value: Json): value is End {
  return ENDS.some((end) => end === value);
}

function isScalar(value: Json): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
