import type { Static, TSchema } from 'typebox';
import { isJsonObject, type Json } from '../kernel/json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Mistake, orderProblems, type Problem } from './problem.ts';
import { suggestion } from './nearest.ts';
import type { Shape } from './schema.ts';
import type { Source } from './source.ts';
import { parseTree, type Tree } from './tree.ts';

export const API_VERSION = 'patchbay/v1';

/** One kind of document: what it is called, and what its body looks like. */
export interface DocumentKind<S extends TSchema> {
  readonly kind: string;
  readonly shape: Shape<S>;
  /** What is refused with words of its own before the shape is looked at. */
  readonly refuse?: (value: Json) => readonly Mistake[];
}

/** A document of the right shape, that still knows where everything in it stands. */
export interface Document<T> {
  readonly value: T;
  /** Places mistakes found later, in the order of the file. */
  readonly locate: (mistakes: readonly Mistake[]) => readonly Problem[];
}

/** Reads YAML or JSON of one kind. `apiVersion` and `kind` come first: when they are wrong, nothing else is said. */
export function parseDocument<S extends TSchema>(
  source: Source,
  { kind, shape, refuse }: DocumentKind<S>,
): Result<Document<Static<S>>, readonly Problem[]> {
  const tree = parseTree(source);
  if (!tree.ok) return tree;
  const { value } = tree.value;
  const locate = (mistakes: readonly Mistake[]): readonly Problem[] => place(tree.value, mistakes);
  const wrongHead = checkHead(value, kind);
  if (wrongHead.length > 0) return err(locate(wrongHead));
  const refused = refuse?.(value) ?? [];
  if (refused.length > 0) return err(locate(refused));
  return shape.accepts(value) ? ok({ value, locate }) : err(locate(shape.mistakes(value)));
}

/** What a document says it is, without looking further; undefined when it does not say. */
export function kindOf(source: Source): string | undefined {
  const tree = parseTree(source);
  const value = tree.ok ? tree.value.value : null;
  const kind = isJsonObject(value) ? value['kind'] : undefined;
  return typeof kind === 'string' ? kind : undefined;
}

function place(tree: Tree, mistakes: readonly Mistake[]): readonly Problem[] {
  return orderProblems(mistakes.map((mistake) => tree.locate(mistake)));
}

function checkHead(value: Json, kind: string): readonly Mistake[] {
  if (!isJsonObject(value))
    return [{ at: [], what: `must be a map with apiVersion: ${API_VERSION} and kind: ${kind}` }];
  return [...checkWord(value, 'apiVersion', API_VERSION), ...checkWord(value, 'kind', kind)];
}

function checkWord(value: Json & object, name: string, wanted: string): readonly Mistake[] {
  const word = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (word === wanted) return [];
  if (word !== undefined) return [{ at: [name], what: `must be "${wanted}"` }];
  const names = Object.keys(value);
  const close = names.find((other) => suggestion(other, [name]) !== '');
  return [
    {
      at: [],
      what: `the field "${name}: ${wanted}" is missing${close === undefined ? '' : ` ("${close}" is not it)`}`,
    },
  ];
}
