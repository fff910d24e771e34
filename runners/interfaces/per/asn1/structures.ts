import { asn1Error } from './asn1-error.ts';
import { evaluate } from './evaluate.ts';
import type { Library, Scope } from './scope.ts';
import { inTagOrder } from './tags.ts';
import type { Addition, Alternative, ChoiceType, Member, SchemaType, StructureType } from '../schema.ts';
import type { Component, ComponentGroup, Components, ComponentsOf, TypeNode } from './syntax-tree.ts';
import type { Token } from './tokens.ts';

/** What stands around a type: an open type may follow from a component beside it. */
export interface Surroundings {
  readonly siblings: readonly Component[];
  /** How many SEQUENCE, SET or CHOICE of the same assignment the type stands in. */
  readonly depth: number;
}

export interface Structure {
  readonly library: Library;
  readonly scope: Scope;
  readonly begins: Token;
  readonly around: Surroundings;
  readonly build: (node: TypeNode, scope: Scope, around: Surroundings) => SchemaType;
}

/** @see ITU-T X.691 clauses 19 and 21 */
export function buildStructure(
  body: Components & { kind: 'SEQUENCE' | 'SET' },
  structure: Structure,
): StructureType {
  const { library, scope } = structure;
  const root = flattened(body, structure);
  const around = inside(structure, [...root, ...body.additions.flatMap(componentsOf)]);
  refuseTwins(around.siblings, structure.begins);
  const ordered = body.kind === 'SET' ? inTagOrder(library, root, scope) : root;
  return {
    kind: 'structure',
    root: ordered.map((component) => buildMember(component, structure, around)),
    additions: body.additions.map((addition): Addition => ({
      group: addition.kind === 'group',
      members: componentsOf(addition).map((component) => buildMember(component, structure, around)),
    })),
    extensible: body.extensible || scope.module.extensibilityImplied,
  };
}

/** In a CHOICE, a group of additions is no more than its alternatives (X.691 clause 23). */
export function buildChoice(body: Components, structure: Structure): ChoiceType {
  const { library, scope } = structure;
  const root = body.root.filter((each) => each.kind === 'component');
  const additions = body.additions.flatMap(componentsOf);
  refuseTwins([...root, ...additions], structure.begins);
  const around = inside(structure, []);
  const alternative = ({ name, type }: Component): Alternative => ({
    name,
    type: structure.build(type, scope, around),
  });
  return {
    kind: 'choice',
    root: inTagOrder(library, root, scope).map(alternative),
    additions: additions.map(alternative),
    extensible: body.extensible || scope.module.extensibilityImplied,
  };
}

function inside({ around }: Structure, siblings: readonly Component[]): Surroundings {
  return { siblings, depth: around.depth + 1 };
}

function componentsOf(addition: Component | ComponentGroup): readonly Component[] {
  return addition.kind === 'group' ? addition.components : [addition];
}

function buildMember(
  component: Component,
  { library, scope, build }: Structure,
  around: Surroundings,
): Member {
  const { name, type, optional } = component;
  const value =
    component.default === null
      ? null
      : { value: evaluate(library, { given: component.default, scope }, { type, scope }) };
  return { name, type: build(type, scope, around), optional, default: value };
}

/** With what COMPONENTS OF takes from the root of another type, as far as it is known in the same scope. */
function flattened(body: Components, { library, scope }: Structure): readonly Component[] {
  return body.root.flatMap((each) =>
    each.kind === 'component' ? [each] : taken(library, each, { scope, depth: 0 }),
  );
}

function taken(
  library: Library,
  { type }: ComponentsOf,
  { scope, depth }: { scope: Scope; depth: number },
): readonly Component[] {
  const { body, begins, scope: home } = library.follow(type, scope);
  if (body.kind !== 'SEQUENCE' && body.kind !== 'SET')
    throw asn1Error(begins, 'COMPONENTS OF takes a SEQUENCE or SET');
  if (home.module !== scope.module || home.key !== scope.key)
    throw asn1Error(
      type.begins,
      'COMPONENTS OF a type of another module, or with parameters, is not supported',
    );
  if (depth > 50) throw asn1Error(type.begins, 'these components contain themselves');
  return body.root.flatMap((each) =>
    each.kind === 'component' ? [each] : taken(library, each, { scope: home, depth: depth + 1 }),
  );
}

function refuseTwins(components: readonly Component[], begins: Token): void {
  const names = new Set<string>();
  for (const { name } of components) {
    if (names.has(name)) throw asn1Error(begins, `the component ${name} is there twice`);
    names.add(name);
  }
}
