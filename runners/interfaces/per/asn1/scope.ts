import { asn1Error } from './asn1-error.ts';
import { builtInClass } from './parse-class.ts';
import { elementSets } from './parse-constraint.ts';
import { parseType } from './parse-type.ts';
import type {
  Argument,
  Assignment,
  ClassNode,
  ConstraintNode,
  ModuleNode,
  TypeBody,
  TypeNode,
} from './syntax-tree.ts';
import { TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';

/** Where names are looked up: a module, and what the parameters of a type or set stand for. */
export interface Scope {
  readonly module: ModuleNode;
  readonly bound: ReadonlyMap<string, Bound>;
  /** Tells uses of a parameterised assignment apart; empty without parameters. */
  readonly key: string;
  readonly depth: number;
}

export interface Bound {
  readonly argument: Argument;
  readonly scope: Scope;
  readonly key: string;
}

export interface Found {
  readonly assignment: Assignment;
  readonly scope: Scope;
}

export interface ScopedConstraint {
  readonly constraint: ConstraintNode;
  readonly scope: Scope;
}

/** A type whose references have been followed. */
export interface Followed {
  readonly begins: Token;
  readonly body: Exclude<TypeBody, { kind: 'reference' }>;
  readonly scope: Scope;
  /** All on the way, those of the innermost type first. */
  readonly constraints: readonly ScopedConstraint[];
  /** The last assignment on the way, and how many constraints stood outside it. */
  readonly named: {
    readonly key: string;
    readonly node: TypeNode;
    readonly scope: Scope;
    readonly outside: number;
  } | null;
}

const MAX_STEPS = 200;
const MAX_PARAMETER_DEPTH = 40;
const MAX_KEY = 4_000;

type Reference = Extract<TypeBody, { kind: 'reference' }>;

/** All modules of a compilation. */
export class Library {
  readonly #modules = new Map<string, ModuleNode>();

  constructor(modules: readonly ModuleNode[]) {
    for (const module of modules) {
      if (this.#modules.has(module.name))
        throw asn1Error(module.begins, `the module ${module.name} is there twice`);
      this.#modules.set(module.name, module);
    }
  }

  get modules(): readonly ModuleNode[] {
    return [...this.#modules.values()];
  }

  /** @throws HarnessError ASN1_INVALID when the name is neither assigned nor imported */
  find(name: string, scope: Scope, begins: Token): Found {
    let module = scope.module;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const assignment = module.assignments.get(name);
      if (assignment !== undefined) return { assignment, scope: moduleScope(module) };
      const from = module.imports.get(name);
      if (from === undefined) throw asn1Error(begins, `${name} is not known in ${module.name}`);
      module = this.#module(from, name, begins);
    }
    throw asn1Error(begins, `${name} is imported in a circle`);
  }

  /** Whether the name is assigned or imported here: a word that is not stands for an item of an enumeration or a literal. */
  names(name: string, { module }: Scope): boolean {
    return module.assignments.has(name) || module.imports.has(name);
  }

  #module(name: string, wanted: string, begins: Token): ModuleNode {
    const module = this.#modules.get(name);
    if (module === undefined)
      throw asn1Error(begins, `${wanted} comes from ${name}, which is not among the modules`);
    return module;
  }

  /** Follows references, through parameters and fields of classes, to a type that is none. */
  follow(node: TypeNode, scope: Scope): Followed {
    let constraints: readonly ScopedConstraint[] = [];
    let named: Followed['named'] = null;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const here = scope;
      constraints = [...node.constraints.map((constraint) => ({ constraint, scope: here })), ...constraints];
      const { body, begins } = node;
      if (body.kind === 'class field') {
        const field = this.fieldType(body, scope, begins);
        if (field === null) return { begins, body, scope, constraints, named };
        ({ node, scope } = field);
        continue;
      }
      if (body.kind !== 'reference') return { begins, body, scope, constraints, named };
      const next = this.step(body, scope, begins);
      ({ node, scope } = next);
      if (next.key !== null) named = { key: next.key, node, scope, outside: constraints.length };
    }
    throw asn1Error(node.begins, 'this type is defined by itself');
  }

  /** One reference; `key` is `null` when it was a parameter. */
  step(body: Reference, scope: Scope, begins: Token): { node: TypeNode; scope: Scope; key: string | null } {
    const bound = body.module === null ? scope.bound.get(body.name) : undefined;
    if (bound !== undefined) {
      if (bound.argument.kind !== 'type') throw asn1Error(begins, `${body.name} stands for no type`);
      return { node: bound.argument.type, scope: bound.scope, key: null };
    }
    const { assignment, scope: home } = this.#findOf(body, scope, begins);
    const inner = this.enter({ assignment, scope: home }, body.arguments, { scope, begins });
    const key = `${home.module.name}.${assignment.name}${inner.key}`;
    if (assignment.kind === 'type') return { node: assignment.type, scope: inner, key };
    if (assignment.kind === 'set') return { node: valueSetType(assignment), scope: inner, key };
    throw asn1Error(begins, `${body.name} is no type`);
  }

  #findOf({ module, name }: Reference, scope: Scope, begins: Token): Found {
    return this.find(name, module === null ? scope : moduleScope(this.#module(module, name, begins)), begins);
  }

  /** The scope inside an assignment that is given these arguments. */
  enter(
    { assignment, scope }: Found,
    given: readonly Argument[],
    use: { scope: Scope; begins: Token },
  ): Scope {
    const { parameters, name } = assignment;
    if (parameters.length !== given.length) {
      throw asn1Error(
        use.begins,
        `${name} takes ${String(parameters.length)} arguments, not ${String(given.length)}`,
      );
    }
    if (parameters.length === 0) return scope;
    const depth = use.scope.depth + 1;
    const bound = new Map<string, Bound>();
    for (const [index, argument] of given.entries()) {
      const parameter = parameters[index];
      if (parameter !== undefined) bound.set(parameter.name, this.#bind(argument, use.scope));
    }
    const key = `{${[...bound.values()].map((each) => each.key).join(',')}}`;
    if (depth > MAX_PARAMETER_DEPTH || key.length > MAX_KEY)
      throw asn1Error(use.begins, `${name} is used without end`);
    return { module: scope.module, bound, key, depth };
  }

  /** An argument that is itself a parameter stands for what that one stands for. */
  #bind(argument: Argument, scope: Scope): Bound {
    const word = wordOf(argument);
    const passedOn = word === null ? undefined : scope.bound.get(word.text);
    if (passedOn !== undefined) return passedOn;
    if (argument.kind === 'value' && argument.value.kind === 'number')
      return { argument, scope, key: argument.value.text };
    if (word !== null) {
      const { assignment, scope: home } = this.find(word.text, scope, word);
      return { argument, scope, key: `${home.module.name}.${assignment.name}` };
    }
    const begins =
      argument.kind === 'type'
        ? argument.type.begins
        : argument.kind === 'value'
          ? argument.value.begins
          : argument.begins;
    return { argument, scope, key: `${placeKey(begins)}${scope.key}` };
  }

  /** The class of that name; a class may be another name of a class. */
  findClass(name: string, scope: Scope, begins: Token): { definition: ClassNode; scope: Scope } {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const builtIn = builtInClass(name);
      if (builtIn !== null) return { definition: builtIn, scope };
      const { assignment, scope: home } = this.find(name, scope, begins);
      if (assignment.kind === 'class') return { definition: assignment.definition, scope: home };
      if (assignment.kind !== 'type' || assignment.type.body.kind !== 'reference') break;
      ({ name } = assignment.type.body);
      scope = home;
    }
    throw asn1Error(begins, `${name} is no class`);
  }

  /** The type of a value field; `null` when the field is a type itself (an open type). */
  fieldType(body: { readonly class: string; readonly field: string }, scope: Scope, begins: Token) {
    const found = this.findClass(body.class, scope, begins);
    const field = found.definition.fields.find(({ name }) => name === body.field);
    if (field === undefined) throw asn1Error(begins, `${body.class} has no field ${body.field}`);
    return field.type === null ? null : { node: field.type, scope: found.scope };
  }
}

export function moduleScope(module: ModuleNode): Scope {
  return { module, bound: new Map(), key: '', depth: 0 };
}

/** Names what is written in place, not assigned. */
export function placeKey({ file, at }: Token): string {
  return `${file}:${String(at)}`;
}

export function streamOver(tokens: readonly Token[]): TokenStream {
  return new TokenStream(tokens, parseType);
}

/** The only word that an argument consists of, if so. */
function wordOf(argument: Argument): Token | null {
  if (argument.kind === 'braces') {
    const [only] = argument.tokens;
    return argument.tokens.length === 1 && only?.kind === 'word' ? only : null;
  }
  if (argument.kind === 'value') {
    const { kind, begins } = argument.value;
    return kind === 'word' && /^[a-z]/u.test(begins.text) ? begins : null;
  }
  const { body, constraints, tag, begins } = argument.type;
  const plain = body.kind === 'reference' && body.module === null && body.arguments.length === 0;
  return plain && constraints.length === 0 && tag === null ? begins : null;
}

/** `Name Type ::= {values}` is a type: the governor with these values alone. */
function valueSetType({ governor, tokens }: Extract<Assignment, { kind: 'set' }>): TypeNode {
  return { ...governor, constraints: [...governor.constraints, elementSets(streamOver(tokens))] };
}
