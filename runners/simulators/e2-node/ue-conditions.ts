import { sliceOf, sliceText } from '../../interfaces/e2sm/identity.ts';
import type { Condition, Label, TestCondition } from '../../interfaces/e2sm/kpm/types.ts';
import type { UeFacts } from '../ran-model/ue-facts.ts';

/** Conditions that follow each other with `or` are alternatives; all groups of alternatives must hold. */
export function matchesAll(ue: UeFacts, conditions: readonly Condition[]): boolean {
  let alternatives = false;
  let holds = true;
  for (const [index, condition] of conditions.entries()) {
    const one = 'label' in condition ? hasLabel(ue, condition.label) : passes(ue, condition.test);
    alternatives ||= one;
    if (condition.or && index < conditions.length - 1) continue;
    holds &&= alternatives;
    alternatives = false;
  }
  return holds;
}

/** Labels that say nothing of a UE match every one. */
function hasLabel(ue: UeFacts, { sliceID, fiveQI }: Label): boolean {
  return (
    (sliceID === undefined || sliceText(sliceID) === ue.slice) &&
    (fiveQI === undefined || Number(fiveQI) === ue.fiveQi)
  );
}

function passes(ue: UeFacts, { testType, testExpr = 'equal', testValue }: TestCondition): boolean {
  if ('sNSSAI' in testType) return testExpr === 'present' || sliceIn(testValue) === ue.slice;
  if ('gBR' in testType) return testExpr === 'present' ? ue.gbr : boolIn(testValue) === ue.gbr;
  const own = numberOf(ue, testType);
  if (own === undefined) return false;
  if (testExpr === 'present') return true;
  const wanted = numberIn(testValue);
  if (wanted === undefined) return false;
  if (testExpr === 'equal') return own === wanted;
  if (testExpr === 'greaterthan') return own > wanted;
  return testExpr === 'lessthan' && own < wanted;
}

function numberOf(ue: UeFacts, testType: TestCondition['testType']): number | undefined {
  if ('rSRP' in testType) return ue.rsrpDbm;
  if ('cQI' in testType) return ue.cqi;
  return 'fiveQI' in testType ? ue.fiveQi : undefined;
}

type TestValue = TestCondition['testValue'];

function numberIn(value: TestValue): number | undefined {
  if (value === undefined) return undefined;
  if ('valueInt' in value) return Number(value.valueInt);
  if ('valueEnum' in value) return Number(value.valueEnum);
  return 'valueReal' in value ? value.valueReal : undefined;
}

function boolIn(value: TestValue): boolean {
  return value === undefined || ('valueBool' in value ? value.valueBool : numberIn(value) === 1);
}

/** A slice as octets: its type, and its differentiator where there is one. */
function sliceIn(value: TestValue): string | undefined {
  if (value === undefined || !('valueOctS' in value)) return undefined;
  const { valueOctS: octets } = value;
  const sD = octets.length >= 4 ? { sD: octets.subarray(1, 4) } : {};
  return sliceText(sliceOf({ sST: octets.subarray(0, 1), ...sD }));
}
