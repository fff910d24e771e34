import { sliceOf, sliceText } from '../../interfaces/e2sm/identity.ts';
import type { Condition, TestCondition, UeCondition } from '../../interfaces/e2sm/kpm/types.ts';
import type { UeFacts } from './ue-facts.ts';

/** Conditions of KPM that the model can decide: a reason for each that it cannot. */
export function undecidable(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((each) => {
    if ('label' in each) return [];
    const [type = ''] = Object.keys(each.test.testType);
    return type in FACTS ? [] : [`the condition ${type} cannot be decided`];
  });
}

/** Whether all of them hold, from the first to the last; `or` joins one to the next. */
export function holds(conditions: readonly (Condition | UeCondition)[], ue: UeFacts): boolean {
  const [first, ...rest] = conditions;
  if (first === undefined) return true;
  let [so, or] = [decide(first, ue), first.or];
  for (const each of rest) {
    so = or ? so || decide(each, ue) : so && decide(each, ue);
    or = each.or;
  }
  return so;
}

function decide(condition: Condition | UeCondition, ue: UeFacts): boolean {
  if ('test' in condition) return passes(condition.test, ue);
  const { sliceID, fiveQI } = condition.label;
  return (
    (sliceID === undefined || sliceText(sliceID) === ue.slice) &&
    (fiveQI === undefined || fiveQI === ue.fiveQi)
  );
}

const FACTS: Readonly<Record<string, (ue: UeFacts) => number | string | boolean>> = {
  gBR: ({ gbr }) => gbr,
  rSRP: ({ rsrpDbm }) => rsrpDbm,
  'ul-rSRP': ({ rsrpDbm }) => rsrpDbm,
  cQI: ({ cqi }) => cqi,
  fiveQI: ({ fiveQi }) => fiveQi,
  sNSSAI: ({ slice }) => slice,
};

/** A test without an expression asks whether the thing is there; so does `present`. */
function passes({ testType, testExpr = 'present', testValue }: TestCondition, ue: UeFacts): boolean {
  const [type = ''] = Object.keys(testType);
  const fact = FACTS[type]?.(ue);
  const value = testValue === undefined ? undefined : valueOf(testValue);
  switch (testExpr) {
    case 'equal':
      return fact === value;
    case 'greaterthan':
      return typeof fact === 'number' && typeof value === 'number' && fact > value;
    case 'lessthan':
      return typeof fact === 'number' && typeof value === 'number' && fact < value;
    case 'contains':
      return typeof fact === 'string' && typeof value === 'string' && fact.includes(value);
    default:
      return testExpr === 'present' && fact !== undefined && fact !== false;
  }
}

function valueOf(value: NonNullable<TestCondition['testValue']>): number | string | boolean | undefined {
  if ('valueInt' in value) return Number(value.valueInt);
  if ('valueReal' in value) return value.valueReal;
  if ('valueBool' in value) return value.valueBool;
  if ('valuePrtS' in value) return value.valuePrtS;
  if (!('valueOctS' in value)) return undefined;
  // Of a slice: its type in one octet, and the differentiator in three.
  const octets = value.valueOctS;
  const sD = octets.length === 4 ? { sD: octets.subarray(1) } : {};
  return sliceText(sliceOf({ sST: octets.subarray(0, 1), ...sD }));
}
