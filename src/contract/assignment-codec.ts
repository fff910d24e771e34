import type { Assignment } from '../domain/assignment.ts';
import { parseName, parseQualifiedName, type TestbedId } from '../domain/ids.ts';
import { isJsonObject, type Json } from '../kernel/json.ts';
import { FieldProblem, ordinal, parsed } from './fields.ts';
import { MAX_ASSIGNMENT_BYTES } from './limits.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function assignmentToBytes(assignment: Assignment): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(assignment));
}

/**
 * Reads an assignment. It comes from the orchestrator, which has checked plan and equipment; here it is held against
 * the shape that everything on the runner relies on, so that a wrong one is refused before anything starts.
 */
export function assignmentFromBytes(bytes: Uint8Array): Assignment {
  if (bytes.length > MAX_ASSIGNMENT_BYTES)
    throw new FieldProblem('size', `is over ${MAX_ASSIGNMENT_BYTES} bytes`);
  const json = parseJson(bytes);
  if (!isJsonObject(json)) throw new FieldProblem('json', 'is not an object');
  parsed(parseName(string(json['run'])), 'run');
  parsed(parseQualifiedName<TestbedId>(string(json['testbed'])), 'testbed');
  ordinal(json['fence'], 'fence');
  const { plan } = json;
  if (!isJsonObject(plan)) throw new FieldProblem('plan', 'is not an object');
  if (!isListOfObjects(plan['cases'])) throw new FieldProblem('plan.cases', 'is not a list of objects');
  if (!plan['cases'].every(isCase)) throw new FieldProblem('plan.cases', 'has an entry that is not a case');
  if (!isListOfObjects(json['subjects'])) throw new FieldProblem('subjects', 'is not a list of objects');
  if (!isJsonObject(json['decided'])) throw new FieldProblem('decided', 'is not an object');
  if (!isJsonObject(json['tools'])) throw new FieldProblem('tools', 'is not an object');
  return json as unknown as Assignment;
}

function string(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function parseJson(bytes: Uint8Array): Json {
  try {
    return JSON.parse(utf8.decode(bytes)) as Json;
  } catch {
    throw new FieldProblem('json', 'is not JSON in UTF-8');
  }
}

function isCase(value: Json): boolean {
  return (
    isJsonObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['procedure'] === 'string' &&
    typeof value['rule'] === 'string' &&
    Number.isFinite(value['timeoutMs']) &&
    isListOfObjects(value['clauses']) &&
    isJsonObject(value['parameters'])
  );
}

function isListOfObjects(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value) && value.every(isJsonObject);
}
