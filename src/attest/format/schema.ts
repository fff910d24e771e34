import { isJsonObject, type Json, type JsonObject, sameJson } from '../../kernel/json.ts';

/** The keywords of JSON Schema 2020-12 that our schemas use; {@link checkSchema} knows these and no others. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema | false>>;
  readonly additionalProperties?: false;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema | false;
  readonly contains?: Schema;
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly description?: string;
}

export interface RootSchema extends Schema {
  readonly $schema: string;
  readonly $id: string;
  readonly title: string;
  readonly $defs: Readonly<Record<string, Schema>>;
}

const MAX_PROBLEMS = 20;
const patterns = new Map<string, RegExp>();

/** Everything that is wrong with `value`, as `path: what`; at most 20 problems. Whatever has items and a length is a list. */
export function checkSchema(root: RootSchema, value: unknown): readonly string[] {
  const found: string[] = [];
  check({ root, found, at: [] }, root, value);
  return found;
}

interface Check {
  readonly root: RootSchema;
  readonly found: string[];
  /** Where we are: names of members and numbers of items. Written out only when something is wrong. */
  readonly at: (string | number)[];
}

/** Looks into one value; what it finds wrong is added to `found`, until there is enough. */
function check(run: Check, schema: Schema, value: unknown): void {
  if (run.found.length >= MAX_PROBLEMS) return;
  if (schema.$ref !== undefined) check(run, referred(run.root, schema.$ref), value);
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    complain(run, `${schema.type} expected`);
    return;
  }
  if (schema.const !== undefined && !sameJson(schema.const, value as Json)) {
    complain(run, `${JSON.stringify(schema.const)} expected`);
  }
  if (schema.enum?.some((one) => sameJson(one, value as Json)) === false) {
    complain(run, `one of ${schema.enum.map(String).join(', ')} expected`);
  }
  if (typeof value === 'string') checkText(run, schema, value);
  else if (typeof value === 'number') checkNumber(run, schema, value);
  else if (isList(value)) checkList(run, schema, value);
  else if (isJsonObject(value)) checkObject(run, schema, value);
  checkBranches(run, schema, value);
}

function complain({ found, at }: Check, what: string): void {
  const path = at.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  if (found.length < MAX_PROBLEMS) found.push(`$${path}: ${what}`);
}

function referred(root: RootSchema, ref: string): Schema {
  const target = root.$defs[ref.slice('#/$defs/'.length)];
  if (target === undefined) throw new Error(`the schema refers to ${ref}, which it does not define`);
  return target;
}

function hasType(type: NonNullable<Schema['type']>, value: unknown): boolean {
  if (type === 'array') return isList(value);
  if (type === 'object') return isJsonObject(value) && !isList(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function checkText(run: Check, { minLength, maxLength, pattern }: Schema, value: string): void {
  if (minLength !== undefined && characters(value) < minLength) {
    complain(run, `shorter than ${minLength} characters`);
  }
  if (maxLength !== undefined && characters(value) > maxLength) {
    complain(run, `longer than ${maxLength} characters`);
  }
  if (pattern !== undefined && !compiled(pattern).test(value)) complain(run, `does not match ${pattern}`);
}

function characters(text: string): number {
  return Array.from(text).length;
}

function checkNumber(run: Check, { minimum, maximum }: Schema, value: number): void {
  if (minimum !== undefined && value < minimum) complain(run, `below ${minimum}`);
  if (maximum !== undefined && value > maximum) complain(run, `above ${maximum}`);
}

/** `follows` is a schema that every item is known to follow: that of this list need not be checked again. */
export type SchemaList = Iterable<unknown> & { readonly length: number; readonly follows?: Schema };

function isList(value: unknown): value is SchemaList {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'length' in value;
}

function checkList(run: Check, schema: Schema, value: SchemaList): void {
  const { minItems, maxItems, contains, prefixItems, items } = schema;
  if (minItems !== undefined && value.length < minItems) complain(run, `fewer than ${minItems} items`);
  if (maxItems !== undefined && value.length > maxItems) complain(run, `more than ${maxItems} items`);
  if (contains !== undefined && ![...value].some((item) => holds(run, contains, item))) {
    complain(run, `an item is missing: ${contains.description ?? JSON.stringify(contains)}`);
  }
  if (prefixItems === undefined && (items === undefined || items === value.follows)) return;
  let index = -1;
  for (const item of value) {
    index += 1;
    const rule = prefixItems?.[index] ?? items;
    if (rule === undefined) continue;
    run.at.push(index);
    if (rule === false) complain(run, 'not expected');
    else check(run, rule, item);
    run.at.pop();
  }
}

function checkObject(run: Check, schema: Schema, value: JsonObject): void {
  const { required = [], properties, additionalProperties } = schema;
  for (const name of required) {
    if (!Object.hasOwn(value, name)) complain(run, `${name} is missing`);
  }
  if (properties === undefined && additionalProperties === undefined) return;
  for (const name of Object.keys(value)) {
    const known = properties !== undefined && Object.hasOwn(properties, name);
    const rule = known ? properties[name] : additionalProperties;
    const member = value[name];
    if (rule === undefined || member === undefined) continue;
    if (rule === false) {
      complain(run, `${JSON.stringify(name.slice(0, 80))} is not expected`);
      continue;
    }
    run.at.push(name);
    check(run, rule, member);
    run.at.pop();
  }
}

function checkBranches(run: Check, schema: Schema, value: unknown): void {
  for (const one of schema.allOf ?? []) check(run, one, value);
  if (schema.if === undefined) return;
  const branch = holds(run, schema.if, value) ? schema.then : schema.else;
  if (branch !== undefined) check(run, branch, value);
}

function holds({ root }: Check, schema: Schema, value: unknown): boolean {
  const found: string[] = [];
  check({ root, found, at: [] }, schema, value);
  return found.length === 0;
}

/** Patterns come from our own schemas, never from input. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}
