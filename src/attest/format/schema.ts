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

/** Everything that is wrong with `value`, as `path: what`; at most 20 problems. */
export function checkSchema(root: RootSchema, value: Json): readonly string[] {
  return [...problems({ root, schema: root, path: '$' }, value)].slice(0, MAX_PROBLEMS);
}

interface At {
  readonly root: RootSchema;
  readonly schema: Schema;
  readonly path: string;
}

function* problems(at: At, value: Json): Iterable<string> {
  const { root, schema, path } = at;
  if (schema.$ref !== undefined) {
    const target = root.$defs[schema.$ref.slice('#/$defs/'.length)];
    if (target === undefined)
      throw new Error(`the schema refers to ${schema.$ref}, which it does not define`);
    yield* problems({ ...at, schema: target }, value);
  }
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    yield `${path}: ${schema.type} expected`;
    return;
  }
  if (schema.const !== undefined && !sameJson(schema.const, value)) {
    yield `${path}: ${JSON.stringify(schema.const)} expected`;
  }
  if (schema.enum !== undefined && !schema.enum.some((one) => sameJson(one, value))) {
    yield `${path}: one of ${schema.enum.map(String).join(', ')} expected`;
  }
  if (typeof value === 'string') yield* textProblems(at, value);
  if (typeof value === 'number') yield* numberProblems(at, value);
  if (Array.isArray(value)) yield* listProblems(at, value);
  if (isJsonObject(value)) yield* objectProblems(at, value);
  yield* branchProblems(at, value);
}

function hasType(type: NonNullable<Schema['type']>, value: Json): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function* textProblems({ schema, path }: At, value: string): Iterable<string> {
  const characters = Array.from(value).length;
  if (characters < (schema.minLength ?? 0)) yield `${path}: shorter than ${schema.minLength ?? 0} characters`;
  if (characters > (schema.maxLength ?? Infinity)) {
    yield `${path}: longer than ${schema.maxLength ?? Infinity} characters`;
  }
  if (schema.pattern !== undefined && !compiled(schema.pattern).test(value)) {
    yield `${path}: does not match ${schema.pattern}`;
  }
}

function* numberProblems({ schema, path }: At, value: number): Iterable<string> {
  if (value < (schema.minimum ?? -Infinity)) yield `${path}: below ${schema.minimum ?? -Infinity}`;
  if (value > (schema.maximum ?? Infinity)) yield `${path}: above ${schema.maximum ?? Infinity}`;
}

function* listProblems({ root, schema, path }: At, value: readonly Json[]): Iterable<string> {
  if (value.length < (schema.minItems ?? 0)) yield `${path}: fewer than ${schema.minItems ?? 0} items`;
  if (value.length > (schema.maxItems ?? Infinity))
    yield `${path}: more than ${schema.maxItems ?? Infinity} items`;
  const { contains } = schema;
  if (contains !== undefined && !value.some((item) => holds({ root, schema: contains, path }, item))) {
    yield `${path}: an item is missing: ${contains.description ?? JSON.stringify(contains)}`;
  }
  for (const [index, item] of value.entries()) {
    const rule = schema.prefixItems?.[index] ?? schema.items;
    if (rule === false) yield `${path}[${index}]: not expected`;
    else if (rule !== undefined) yield* problems({ root, schema: rule, path: `${path}[${index}]` }, item);
  }
}

function* objectProblems({ root, schema, path }: At, value: JsonObject): Iterable<string> {
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) yield `${path}: ${name} is missing`;
  }
  for (const [name, member] of Object.entries(value)) {
    const known = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const rule = known ? schema.properties[name] : schema.additionalProperties;
    if (rule === false) yield `${path}: ${JSON.stringify(name.slice(0, 80))} is not expected`;
    else if (rule !== undefined) yield* problems({ root, schema: rule, path: `${path}.${name}` }, member);
  }
}

function* branchProblems(at: At, value: Json): Iterable<string> {
  for (const schema of at.schema.allOf ?? []) yield* problems({ ...at, schema }, value);
  if (at.schema.if === undefined) return;
  const branch = holds({ ...at, schema: at.schema.if }, value) ? at.schema.then : at.schema.else;
  if (branch !== undefined) yield* problems({ ...at, schema: branch }, value);
}

function holds(at: At, value: Json): boolean {
  return problems(at, value)[Symbol.iterator]().next().done === true;
}

/** Patterns come from our own schemas, never from input. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}
