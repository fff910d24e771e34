import { HarnessError } from '../../../../src/kernel/errors.ts';
import { asn1Error } from './asn1-error.ts';
import { effectiveInteger, effectiveSize } from './effective.ts';
import { buildEnumeration } from './enumeration.ts';
import { evaluate } from './evaluate.ts';
import { markRecursion } from './mark-recursion.ts';
import { objectsOf, rowOf, setKey, type SetUse } from './objects.ts';
import { type ModuleFile, parseModules } from './parse-module.ts';
import { type Followed, Library, moduleScope, placeKey, type Scope } from './scope.ts';
import { buildString } from './strings.ts';
import { buildChoice, buildStructure, type Surroundings } from './structures.ts';
import {
  type InformationRow,
  keyText,
  type OpenType,
  type Schema,
  type SchemaType,
  type Table,
} from '../schema.ts';
import type { TypeNode } from './syntax-tree.ts';

const MAX_TYPES = 200_000;
const NOWHERE: Surroundings = { siblings: [], depth: 0 };

/**
 * The schema of all types that some modules assign; those with parameters where they are used.
 *
 * @throws HarnessError ASN1_INVALID at the first mistake, with file and line
 */
export function compileModules(files: readonly ModuleFile[]): Schema {
  const compiler = new Compiler(new Library(files.flatMap(parseModules)));
  return markRecursion(compiler.compile());
}

class Compiler {
  readonly #library: Library;
  readonly #types = new Map<string, SchemaType>();
  readonly #tables = new Map<string, Table>();
  readonly #sets = new Map<string, readonly InformationRow[]>();
  /** Types that somebody refers to and that are not built yet: a list, so that no chain of them fills the stack. */
  readonly #waiting = new Map<string, () => SchemaType>();

  constructor(library: Library) {
    this.#library = library;
  }

  compile(): Schema {
    for (const module of this.#library.modules) {
      for (const assignment of module.assignments.values()) {
        if (assignment.kind !== 'type' || assignment.parameters.length > 0) continue;
        const [{ type }, scope] = [assignment, moduleScope(module)];
        if (!this.#isClass(type, scope))
          this.#await(`${module.name}.${assignment.name}`, { node: type, scope });
      }
    }
    for (const [key, build] of this.#waiting) {
      this.#types.set(key, build());
      if (this.#types.size > MAX_TYPES) throw new HarnessError('ASN1_INVALID', 'there are too many types');
    }
    return { types: this.#types, tables: this.#tables, sets: this.#sets };
  }

  /** An assignment that is another name alone refers to it; everything else is built here. */
  #await(key: string, { node, scope }: { node: TypeNode; scope: Scope }): void {
    if (this.#waiting.has(key)) return;
    const alias = node.body.kind === 'reference';
    this.#waiting.set(key, () =>
      alias ? this.#build(node, scope, NOWHERE) : this.#buildBody(this.#library.follow(node, scope), NOWHERE),
    );
  }

  /** `NAME ::= OTHER` may be another name of a class. */
  #isClass({ body, begins }: TypeNode, scope: Scope): boolean {
    if (body.kind !== 'reference' || body.module !== null || !/^[A-Z0-9-]+$/u.test(body.name)) return false;
    return this.#library.find(body.name, scope, begins).assignment.kind === 'class';
  }

  readonly #build = (node: TypeNode, scope: Scope, around: Surroundings): SchemaType => {
    const followed = this.#library.follow(node, scope);
    const { body, named } = followed;
    if (named === null || !SHARED.has(body.kind)) return this.#buildBody(followed, around);
    const outer = followed.constraints.slice(followed.constraints.length - named.outside);
    const tightened =
      body.kind.endsWith(' OF') && outer.some(({ constraint }) => constraint.kind === 'subtype');
    const key = tightened ? `${named.key}#${placeKey(node.begins)}${scope.key}` : named.key;
    if (!tightened) this.#await(key, named);
    else if (!this.#waiting.has(key)) this.#waiting.set(key, () => this.#buildBody(followed, NOWHERE));
    return { kind: 'reference', name: key, recursive: false };
  };

  #buildBody(followed: Followed, around: Surroundings): SchemaType {
    const { body, begins, scope, constraints } = followed;
    const library = this.#library;
    const constrained = { library, begins, constraints, named: body.kind === 'INTEGER' ? body.named : [] };
    const structure = { library, scope, begins, around, build: this.#build };
    switch (body.kind) {
      case 'BOOLEAN':
        return { kind: 'boolean' };
      case 'NULL':
        return { kind: 'null' };
      case 'REAL':
        return { kind: 'real' };
      case 'OBJECT IDENTIFIER':
        return { kind: 'objectIdentifier' };
      case 'RELATIVE-OID':
        return { kind: 'relativeOid' };
      case 'INTEGER':
        return { kind: 'integer', ...effectiveInteger(constrained) };
      case 'ENUMERATED':
        return buildEnumeration(library, body, { scope, begins });
      case 'BIT STRING':
        return { kind: 'bits', size: effectiveSize(constrained), named: body.named.length > 0 };
      case 'OCTET STRING':
        return { kind: 'octets', size: effectiveSize(constrained), contents: this.#contents(followed) };
      case 'string':
        return buildString(body.set, constrained);
      case 'SEQUENCE':
      case 'SET':
        return buildStructure(body, structure);
      case 'CHOICE':
        return buildChoice(body, structure);
      case 'SEQUENCE OF':
      case 'SET OF':
        return {
          kind: 'list',
          element: this.#build(body.element, scope, { ...around, siblings: [] }),
          size: effectiveSize(constrained),
        };
      case 'class field':
        return this.#open(followed, around);
    }
  }

  #contents({ constraints }: Followed): SchemaType | null {
    const found = constraints.find(({ constraint }) => constraint.kind === 'contents');
    return found?.constraint.kind === 'contents'
      ? this.#build(found.constraint.type, found.scope, NOWHERE)
      : null;
  }

  /** An open type: with a table where a relation says which component tells its type. */
  #open(followed: Followed, around: Surroundings): OpenType {
    const { body, constraints, begins } = followed;
    const related = constraints.find(
      ({ constraint }) => constraint.kind === 'table' && constraint.at.length > 0,
    );
    if (body.kind !== 'class field' || related?.constraint.kind !== 'table')
      return { kind: 'open', table: null };
    const { at, level, set } = related.constraint;
    const sibling = around.siblings.find(({ name }) => name === at[0]);
    if (sibling === undefined || (level === null && around.depth > 1) || (level ?? 0) > 0)
      throw asn1Error(
        begins,
        `@${at.join('.')} is not beside this component (relations reach no further here)`,
      );
    const keyField = this.#keyField(followed, at.length === 1 ? sibling.type : null);
    const use = { tokens: set, scope: related.scope };
    return { kind: 'open', table: { name: this.#table(use, body.field, { followed, keyField }), at } };
  }

  /** The field that the sibling's type is taken from, or the unique one of the class. */
  #keyField({ body, scope, begins }: Followed, sibling: TypeNode | null): string {
    if (sibling?.body.kind === 'class field') return sibling.body.field;
    const { definition } = this.#library.findClass(
      body.kind === 'class field' ? body.class : '',
      scope,
      begins,
    );
    const unique = definition.fields.find((field) => field.unique);
    if (unique === undefined) throw asn1Error(begins, 'no field of the class is UNIQUE');
    return unique.name;
  }

  #table(
    use: SetUse,
    field: string,
    { followed, keyField }: { followed: Followed; keyField: string },
  ): string {
    const library = this.#library;
    const { body, scope, begins } = followed;
    const set = setKey(library, use);
    const name = `${set}/${field}`;
    if (this.#tables.has(name)) return name;
    const rows = new Map<string, SchemaType>();
    this.#tables.set(name, rows);
    const className = body.kind === 'class field' ? body.class : '';
    const keyType = library.fieldType({ class: className, field: keyField }, scope, begins);
    const owner = library.findClass(className, scope, begins);
    const objects = objectsOf(library, { ...use, owner });
    if (!this.#sets.has(set))
      this.#sets.set(
        set,
        objects.map((object) => rowOf(library, object, owner)),
      );
    for (const { fields, scope: home, begins: place } of objects) {
      const [key, type] = [fields.get(keyField), fields.get(field)];
      if (type?.kind !== 'type' || key?.kind !== 'value' || keyType === null) continue;
      const text = keyText(
        evaluate(library, { given: key.value, scope: home }, { type: keyType.node, scope: keyType.scope }),
      );
      if (rows.has(text)) throw asn1Error(place, `two objects of ${name} have the key ${text}`);
      rows.set(text, this.#build(type.type, home, NOWHERE));
    }
    return name;
  }
}

/** Types that are built once and referred to. */
const SHARED = new Set<string>(['SEQUENCE', 'SET', 'CHOICE', 'SEQUENCE OF', 'SET OF', 'ENUMERATED']);
