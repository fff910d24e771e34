import { dirname, resolve } from 'node:path';
import type { Mistake, Path } from '../documents/problem.ts';
import { readSource } from '../documents/source.ts';
import type { InlinedFile, SecretRef } from '../domain/equipment.ts';
import { isJsonObject, type Json } from '../kernel/json.ts';
import { err, type Result } from '../kernel/result.ts';

/** Reads a public text file that a document refers to. */
export type ReadText = (path: string) => Promise<Result<string, string>>;

/** For documents of a person at this machine. */
export const readTextFile: ReadText = async (path) => {
  const source = await readSource(path);
  if (source.ok) return { ok: true, value: source.value.text };
  return err(source.error.map(({ what }) => what).join('; '));
};

/** For documents that came over a line: whoever sent them must not read files here. */
export const refuseFiles: ReadText = () =>
  Promise.resolve(err('files cannot be referred to from here: send what is in them'));

/** Replaces references to files by what is in them, and collects what is wrong with them. */
export interface Inliner {
  readonly mistakes: readonly Mistake[];
  file(reference: string | InlinedFile, at: Path): Promise<InlinedFile>;
  certificate(reference: string | InlinedFile, at: Path): Promise<InlinedFile>;
  /** Never read here: only its path becomes absolute. */
  secret(reference: SecretRef): SecretRef;
  /** Every `./…` and `../…` in a value, at any depth; `{file: …}` alone in a map is a secret. */
  within(value: Json, at: Path): Promise<Json>;
}

/** @param documentPath relative references start from the folder of this file */
export function makeInliner(documentPath: string, readText: ReadText): Inliner {
  const mistakes: Mistake[] = [];
  const folder = dirname(resolve(documentPath));
  const check = (file: InlinedFile, at: Path): InlinedFile => {
    const what = faultOf(file);
    if (what !== undefined) mistakes.push({ at, what });
    return file;
  };
  const file: Inliner['file'] = async (reference, at) => {
    if (typeof reference !== 'string') return check(reference, at);
    const text = await readText(resolve(folder, reference));
    if (text.ok) return check({ path: reference, text: text.value }, at);
    mistakes.push({ at, what: `${reference}: ${text.error}` });
    return { path: reference, text: '' };
  };
  const secret: Inliner['secret'] = (reference) =>
    'file' in reference ? { file: resolve(folder, reference.file) } : reference;
  const within: Inliner['within'] = async (value, at) => {
    if (typeof value === 'string') return /^\.\.?\//u.test(value) ? { ...(await file(value, at)) } : value;
    if (Array.isArray(value))
      return Promise.all(value.map((item, index) => within(item as Json, [...at, index])));
    if (!isJsonObject(value)) return value;
    if (isInlined(value)) return { ...check(value, at) };
    if (isSecretFile(value)) return { ...secret(value) };
    const members = Object.entries(value).map(
      async ([name, member]) => [name, await within(member, [...at, name])] as const,
    );
    return Object.fromEntries(await Promise.all(members));
  };
  const certificate: Inliner['certificate'] = async (reference, at) => {
    const before = mistakes.length;
    const pem = await file(reference, at);
    if (mistakes.length === before && !pem.text.includes('-----BEGIN CERTIFICATE-----'))
      mistakes.push({ at, what: `${pem.path} holds no PEM certificate` });
    return pem;
  };
  return { mistakes, file, certificate, secret, within };
}

function faultOf({ path, text }: InlinedFile): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(text))
    return `${path} holds a private key: refer to it as {file: ${path}} where a secret is asked for`;
  if (!path.toLowerCase().endsWith('.json')) return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `${path} is not JSON`;
  }
}

function isInlined(value: object): value is { readonly path: string; readonly text: string } {
  const { path, text } = value as { readonly path?: unknown; readonly text?: unknown };
  return typeof path === 'string' && typeof text === 'string' && Object.keys(value).length === 2;
}

function isSecretFile(value: object): value is { readonly file: string } {
  const { file } = value as { readonly file?: unknown };
  return typeof file === 'string' && Object.keys(value).length === 1;
}
