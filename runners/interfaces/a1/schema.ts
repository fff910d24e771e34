import { Ajv, type AnySchema, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { err, ok, type Result } from '../../../src/kernel/result.ts';

/** Null when the value fits; otherwise where and why it does not, in a few words. */
export type SchemaCheck = (value: Json) => string | null;

const MAX_SCHEMA_BYTES = 256 * 1024;
const MAX_DEPTH = 64;
const MAX_PATTERN_CHARS = 256;
const MAX_TESTED_CHARS = 8192;

/**
 * Makes a check of a policy's or status's own JSON Schema, draft-04 to 2020-12 as `$schema` says (default draft-07).
 * The schema comes from a product: its size and depth are capped, nothing is fetched, unknown keywords and formats are
 * ignored, and a pattern that might run for ever matches everything.
 */
export function compileSchema(schema: Json): Result<SchemaCheck, string> {
  if (!isJsonObject(schema) && typeof schema !== 'boolean')
    return err('the schema is neither object nor boolean');
  if (JSON.stringify(schema).length > MAX_SCHEMA_BYTES) return err('the schema is too large');
  if (depthOf(schema) > MAX_DEPTH) return err('the schema is nested too deeply');
  const dialect = isJsonObject(schema) && typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  try {
    const validate = makeAjv(dialect).compile(prepared(schema, dialect) as AnySchema);
    return ok((value) => (validate(value) ? null : firstError(validate)));
  } catch (error) {
    return err(`the schema cannot be used: ${error instanceof Error ? error.message.slice(0, 200) : ''}`);
  }
}

function makeAjv(dialect: string): { compile: (schema: AnySchema) => ValidateFunction } {
  const options: Options = {
    strict: false,
    validateSchema: false,
    validateFormats: false,
    addUsedSchema: false,
    inlineRefs: false,
    logger: false,
    code: { regExp: Object.assign(boundedRegExp, { code: 'boundedRegExp' }) },
  };
  if (dialect.includes('2020-12')) return new Ajv2020(options);
  if (dialect.includes('2019-09')) return new Ajv2019(options);
  return new Ajv(options);
}

/** Anchors are taken away: nobody but the schema itself refers to it, and an unknown `$schema` would be refused. */
function prepared(schema: JsonObject | boolean, dialect: string): Json {
  if (!isJsonObject(schema)) return schema;
  const anchors = ['$schema', '$id', ...(typeof schema['id'] === 'string' ? ['id'] : [])];
  const own = Object.fromEntries(Object.entries(schema).filter(([name]) => !anchors.includes(name)));
  return dialect.includes('draft-04') || dialect.includes('draft-03') ? fromDraft4(own) : own;
}

/** In draft-04 `exclusiveMinimum` and `exclusiveMaximum` are booleans beside the limit. */
function fromDraft4(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(fromDraft4);
  if (!isJsonObject(value)) return value;
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = value;
  const limits: Record<string, Json> = {};
  if (exclusiveMinimum === true && rest['minimum'] !== undefined)
    limits['exclusiveMinimum'] = rest['minimum'];
  else if (exclusiveMinimum !== undefined && typeof exclusiveMinimum !== 'boolean')
    limits['exclusiveMinimum'] = fromDraft4(exclusiveMinimum);
  if (exclusiveMaximum === true && rest['maximum'] !== undefined)
    limits['exclusiveMaximum'] = rest['maximum'];
  else if (exclusiveMaximum !== undefined && typeof exclusiveMaximum !== 'boolean')
    limits['exclusiveMaximum'] = fromDraft4(exclusiveMaximum);
  return { ...Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, fromDraft4(v)])), ...limits };
}

/** Nested or adjacent open repetition, back references and look-around: what makes matching exponential. */
const RISKY = /[+*}]\)?[+*{]|\)[+*{]|\\[1-9k]|\(\?[=!<]/u;

function boundedRegExp(pattern: string, flags: string): { test(text: string): boolean } {
  if (pattern.length > MAX_PATTERN_CHARS || RISKY.test(pattern)) return { test: () => true };
  const expression = new RegExp(pattern, flags);
  return { test: (text) => text.length > MAX_TESTED_CHARS || expression.test(text) };
}

function firstError(validate: ValidateFunction): string {
  const [first] = validate.errors ?? [];
  return `${first?.instancePath === '' ? 'the body' : (first?.instancePath.slice(0, 80) ?? 'the body')} ${first?.message?.slice(0, 120) ?? 'does not fit'}`;
}

export function depthOf(value: Json, limit = MAX_DEPTH + 1): number {
  if (limit === 0 || typeof value !== 'object' || value === null) return 1;
  const inner: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return 1 + inner.reduce<number>((deepest, one) => Math.max(deepest, depthOf(one, limit - 1)), 0);
}
