import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { deriveText } from './derive-text.ts';
import type { SchemaCheck } from './schema.ts';

const MAX_DEPTH = 12;
const MAX_TRIES = 500;

/** A smallest value of a JSON Schema, or undefined when this simple way finds none; to be checked against the schema. */
export function deriveValue(schema: Json, root: Json = schema, depth = 0): Json | undefined {
  if (schema === true) return {};
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return undefined;
  if (schema['const'] !== undefined) return schema['const'];
  for (const key of ['enum', 'examples'])
    if (Array.isArray(schema[key]) && schema[key].length > 0) return (schema[key] as readonly Json[])[0];
  if (schema['default'] !== undefined) return schema['default'];
  const ref = schema['$ref'];
  if (typeof ref === 'string') return deriveValue(resolve(root, ref), root, depth + 1);
  const { allOf, ...rest } = schema;
  if (Array.isArray(allOf)) return deriveValue(merged([rest, ...(allOf as Json[])], root), root, depth + 1);
  for (const key of ['oneOf', 'anyOf']) {
    const { [key]: choices, ...common } = schema;
    if (Array.isArray(choices) && choices.length > 0)
      return deriveValue(merged([common, choices[0] as Json], root), root, depth + 1);
  }
  return ofType(schema, root, depth);
}

function ofType(schema: JsonObject, root: Json, depth: number): Json | undefined {
  const given: Json | undefined = Array.isArray(schema['type'])
    ? (schema['type'] as Json[])[0]
    : schema['type'];
  switch (given ?? 'object') {
    case 'object':
      return objectOf(schema, root, depth);
    case 'array':
      return arrayOf(schema, root, depth);
    case 'string':
      return deriveText(textRules(schema), numberAt(schema, 'minLength') ?? 1);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return undefined;
  }
}

function objectOf(schema: JsonObject, root: Json, depth: number): Json | undefined {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as Json[]) : [];
  const wanted = new Set(required.filter((name): name is string => typeof name === 'string'));
  const least = numberAt(schema, 'minProperties') ?? (depth === 0 ? 1 : 0);
  for (const name of Object.keys(properties)) if (wanted.size < least) wanted.add(name);
  const members: [string, Json][] = [];
  for (const name of wanted) {
    const value = deriveValue(properties[name] ?? true, root, depth + 1);
    if (value === undefined) return undefined;
    members.push([name, value]);
  }
  return Object.fromEntries(members);
}

function arrayOf(schema: JsonObject, root: Json, depth: number): Json | undefined {
  const count = Math.min(numberAt(schema, 'minItems') ?? 1, 16);
  if (count === 0) return [];
  const item = deriveValue(schema['items'] ?? true, root, depth + 1);
  return item === undefined ? undefined : Array.from({ length: count }, () => item);
}

function numberOf(schema: JsonObject): number {
  const low = numberAt(schema, 'minimum');
  const above = numberAt(schema, 'exclusiveMinimum');
  const high = numberAt(schema, 'maximum') ?? numberAt(schema, 'exclusiveMaximum');
  const step = numberAt(schema, 'multipleOf') ?? 1;
  const start = low ?? (above === undefined ? Math.min(1, high ?? 1) : above + step);
  return Math.ceil(start / step) * step;
}

function textRules({ format, pattern }: JsonObject): Parameters<typeof deriveText>[0] {
  return {
    ...(typeof format === 'string' ? { format } : {}),
    ...(typeof pattern === 'string' ? { pattern } : {}),
  };
}

function numberAt(schema: JsonObject, key: string): number | undefined {
  const value = schema[key];
  return typeof value === 'number' ? value : undefined;
}

function resolve(root: Json, ref: string): Json {
  if (!ref.startsWith('#')) return false;
  let here: Json = root;
  for (const part of ref.slice(1).split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isJsonObject(here) || !Object.hasOwn(here, name)) return false;
    here = here[name] ?? false;
  }
  return here;
}

function merged(schemas: readonly Json[], root: Json): JsonObject {
  const parts = schemas
    .map((one) => (isJsonObject(one) && typeof one['$ref'] === 'string' ? resolve(root, one['$ref']) : one))
    .filter(isJsonObject);
  return parts.reduce<JsonObject>((all, one) => {
    const properties = { ...objectAt(all, 'properties'), ...objectAt(one, 'properties') };
    const required = [...listAt(all, 'required'), ...listAt(one, 'required')];
    return {
      ...all,
      ...one,
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
    };
  }, {});
}

function objectAt(schema: JsonObject, key: string): JsonObject {
  const value = schema[key];
  return isJsonObject(value) ? value : {};
}

function listAt(schema: JsonObject, key: string): readonly Json[] {
  const value = schema[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Another value that still passes `check`; numbers first, what stands under `scope` last. Undefined when none is found. */
export function deriveVariant(value: Json, check: SchemaCheck): Json | undefined {
  const leaves = leavesOf(value).sort(([a], [b]) => rank(a) - rank(b));
  let tries = 0;
  for (const [path, leaf] of leaves)
    for (const other of othersFor(leaf)) {
      if ((tries += 1) > MAX_TRIES) return undefined;
      const candidate = replaced(value, path, other);
      if (check(candidate) === null) return candidate;
    }
  return undefined;
}

/** The value with one member's name misspelt such that `check` refuses it; undefined when no such member is found. */
export function deriveMisspelt(value: Json, check: SchemaCheck): Json | undefined {
  const places = membersOf(value);
  for (const path of places.slice(0, MAX_TRIES)) {
    const candidate = renamed(value, path);
    if (check(candidate) !== null) return candidate;
  }
  return undefined;
}

type Path = readonly (string | number)[];

const rank = (path: Path): number => (path.some((part) => /scope/iu.test(String(part))) ? 1 : 0);

function othersFor(leaf: Json): readonly Json[] {
  if (typeof leaf === 'number') return [leaf + 1, leaf - 1, leaf * 2, leaf / 2];
  if (typeof leaf === 'boolean') return [!leaf];
  if (typeof leaf === 'string')
    return [`${leaf}1`, leaf.replace(/.$/u, '2'), 'PREFER', 'AVOID', 'SHALL', 'FORBID', 'b'];
  return [];
}

function leavesOf(value: Json, path: Path = []): [Path, Json][] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((one, index) => leavesOf(one, [...path, index]));
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, one]) => leavesOf(one, [...path, name]));
  return [[path, value]];
}

function membersOf(value: Json, path: Path = []): Path[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((one, index) => membersOf(one, [...path, index]));
  if (!isJsonObject(value)) return [];
  const here = Object.keys(value).map((name): Path => [...path, name]);
  return [...here, ...Object.entries(value).flatMap(([name, one]) => membersOf(one, [...path, name]))];
}

function replaced(value: Json, [head, ...tail]: Path, leaf: Json): Json {
  if (head === undefined) return leaf;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((one, index) => (index === head ? replaced(one, tail, leaf) : one));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, name === head ? replaced(one, tail, leaf) : one]),
  );
}

function renamed(value: Json, [head, ...tail]: Path): Json {
  if (Array.isArray(value))
    return (value as readonly Json[]).map((one, index) => (index === head ? renamed(one, tail) : one));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (name !== head) return [name, one];
      return tail.length === 0 ? [`${name}Misspelt`, one] : [name, renamed(one, tail)];
    }),
  );
}
