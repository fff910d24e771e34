import { Ajv, type ErrorObject } from 'ajv';
import type { Static, TSchema } from 'typebox';
import { isJsonObject, type Json } from '../kernel/json.ts';
import { suggestion } from './nearest.ts';
import { clip, type Mistake, type Path } from './problem.ts';

/** Whether a value has a shape, or everything in which it has not. */
export interface Shape<S extends TSchema> {
  readonly schema: S;
  accepts(value: unknown): value is Static<S>;
  /** Empty when it does. */
  mistakes(value: Json): readonly Mistake[];
}

/** Compiles on first use. In `schema`, `title` says in words what a pattern asks for; `writeOnly` marks secrets. */
export function makeShape<S extends TSchema>(schema: S): Shape<S> {
  let compiled: ReturnType<Ajv['compile']> | undefined;
  const validate = (value: unknown): readonly ErrorObject[] => {
    compiled ??= new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true }).compile(
      schema,
    );
    return compiled(value) ? [] : (compiled.errors ?? []);
  };
  return {
    schema,
    accepts: (value): value is Static<S> => validate(value).length === 0,
    mistakes: (value) => validate(value).map((error) => mistakeOf(error, value)),
  };
}

function mistakeOf(error: ErrorObject, value: Json): Mistake {
  const at = pathOf(error.instancePath, value);
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    return { at: [...at, name], what: unknownName(name, error), onName: true };
  }
  if (error.keyword === 'required') {
    return { at, what: `the field "${String(params['missingProperty'])}" is missing` };
  }
  return { at, what: WORDS[error.keyword]?.(params, error) ?? error.message ?? 'is wrong' };
}

type Word = (params: Readonly<Record<string, unknown>>, error: ErrorObject) => string;

const WORDS: Readonly<Record<string, Word>> = {
  type: ({ type }, error) => {
    const { data } = error;
    if (isSecret(error)) return `must be ${titleOf(error) ?? typeName(type)}`;
    return `must be ${typeName(type)}, not ${describe(data)}${quotes(type, data)}`;
  },
  enum: ({ allowedValues }, { data }) => {
    const allowed = allowedValues as readonly string[];
    return `${describe(data)} is not one of ${allowed.join(', ')}${suggestion(String(data), allowed)}`;
  },
  const: ({ allowedValue }, { data }) => `must be ${JSON.stringify(allowedValue)}, not ${describe(data)}`,
  pattern: ({ pattern }, error) =>
    `${describe(error.data)} is not ${titleOf(error) ?? `of the form ${String(pattern)}`}`,
  minimum: ({ limit }, { data }) => `${describe(data)} is less than ${String(limit)}`,
  maximum: ({ limit }, { data }) => `${describe(data)} is more than ${String(limit)}`,
  minLength: ({ limit }) =>
    limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} characters`,
  maxLength: ({ limit }) => `must have at most ${String(limit)} characters`,
  minItems: ({ limit }) =>
    limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} entries`,
  maxItems: ({ limit }) => `must have at most ${String(limit)} entries`,
  minProperties: (_, error) => `must have ${titleOf(error) ?? 'at least one field'}`,
  maxProperties: ({ limit }, error) => `must have ${titleOf(error) ?? `at most ${String(limit)} fields`}`,
  uniqueItems: ({ i, j }) => `entries ${String(j)} and ${String(i)} are the same`,
};

function unknownName(name: string, error: ErrorObject): string {
  const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
  if (known.length > 0) return `unknown field${suggestion(name, known)}`;
  return `"${clip(name)}" is not ${titleOf(error) ?? 'a possible name here'}`;
}

function titleOf({ parentSchema }: ErrorObject): string | undefined {
  const title: unknown = parentSchema?.['title'];
  return typeof title === 'string' ? title : undefined;
}

/** An Ajv instance path (JSON Pointer) with array indexes as numbers. */
function pathOf(pointer: string, value: Json): Path {
  const path: (string | number)[] = [];
  let here: unknown = value;
  for (const escaped of pointer.split('/').slice(1)) {
    const part = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(here) ? Number(part) : part);
    here = Array.isArray(here) ? here[Number(part)] : isJsonObject(here) ? here[part] : undefined;
  }
  return path;
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
  };
  return [type]
    .flat()
    .map((name) => names[String(name)] ?? String(name))
    .join(' or ');
}

/** A value that belongs to a secret is never repeated. */
function isSecret({ parentSchema }: ErrorObject): boolean {
  return parentSchema?.['writeOnly'] === true;
}

function describe(data: unknown): string {
  if (data === null) return 'nothing';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a map';
  return typeof data === 'string' ? `"${clip(data)}"` : JSON.stringify(data);
}

function quotes(type: unknown, data: unknown): string {
  const plain = typeof data === 'number' || typeof data === 'boolean';
  return type === 'string' && plain ? ' (write it in quotes)' : '';
}
