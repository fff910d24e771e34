import {
  type End,
  type Formula,
  type MessageAtom,
  type Scalar,
  type TraceProperty,
} from '../domain/trace-property.ts';
import { type HiddenEnds, hiddenEndsOf } from './hidden-ends.ts';
import { TRUTH } from './truth.ts';
import { err, ok, type Result } from '../kernel/result.ts';

/** A step of a formula; those that it needs stand before it. Numbers are places of steps, or of a slice's memory. */
export type Step =
  | { readonly op: 'atom'; readonly atom: Atom }
  | { readonly op: 'not'; readonly of: number }
  | { readonly op: 'all' | 'any'; readonly of: readonly number[] }
  | { readonly op: 'previously'; readonly of: number; readonly memory: number }
  | {
      readonly op: 'since';
      readonly from: number;
      readonly hold: number | undefined;
      readonly withinMs: number;
      readonly memory: number;
    }
  | {
      readonly op: 'until';
      readonly reach: number;
      readonly hold: number | undefined;
      readonly withinMs: number;
      /** Counts up from 0 among those of the formula. */
      readonly index: number;
      /** Its place among the steps. */
      readonly at: number;
    };

export interface Atom {
  readonly names: ReadonlySet<string>;
  readonly by: End | undefined;
  readonly having: readonly (readonly [path: string, values: readonly Scalar[]])[];
}

/** What a message of some name is to a property, seen from one end. */
export interface Seen {
  /** An atom can be true of it. */
  readonly touches: boolean;
  /** Of every step that is an atom, as far as name and end decide it; of the others, anything. */
  readonly truths: readonly number[];
  /** Atoms that it is only if it has something in it. */
  readonly inside: readonly { readonly at: number; readonly having: Atom['having'] }[];
}

/** The same from the end that has sent it, and from the other. */
export interface Naming {
  readonly self: Seen;
  readonly peer: Seen;
}

/** A property as it is judged. */
export interface Program {
  readonly property: TraceProperty;
  readonly steps: readonly Step[];
  readonly when: number;
  readonly then: number;
  /** Numbers that a slice remembers. */
  readonly memory: number;
  readonly untils: readonly Extract<Step, { op: 'until' }>[];
  /** The longest time that is looked ahead. */
  readonly horizonMs: number;
  /** Names of the messages that it is about. */
  readonly named: ReadonlyMap<string, Naming>;
  /** What any other message is to it. */
  readonly unnamed: Seen;
  /** Places of the steps that follow from others and from what is remembered. */
  readonly derived: readonly number[];
  readonly previous: readonly Extract<Step, { op: 'previously' }>[];
  /** Ends whose silence may decide it. */
  readonly hidden: HiddenEnds;
  /** A message that none of its atoms can be changes nothing. */
  readonly isStill: boolean;
}

/** What is wrong with a property, and where in it. */
export interface PropertyMistake {
  readonly at: readonly (string | number)[];
  readonly what: string;
}

/** Slots of memory of a `since`: since when, for each degree of truth from unknown to shown. */
export const SINCE_SLOTS = 3;
const MAX_STEPS = 256;

export function compileProperty(property: TraceProperty): Result<Program, readonly PropertyMistake[]> {
  const compiler = new Compiler();
  const when = compiler.formula(property.when, ['when']);
  if (compiler.untils.length > 0) compiler.refuse(['when'], 'cannot look ahead');
  const then = compiler.formula(property.then, ['then']);
  if (compiler.steps.length > MAX_STEPS)
    compiler.refuse(['then'], `has more than ${MAX_STEPS} parts with "when"`);
  if (compiler.mistakes.length > 0) return err(compiler.mistakes);
  const { steps, untils, memory } = compiler;
  const atoms = steps.flatMap((step) => (step.op === 'atom' ? [step.atom] : []));
  const names = new Set(atoms.flatMap((atom) => [...atom.names]));
  return ok({
    ...{ property, steps, when, then, memory, untils },
    horizonMs: Math.max(0, ...untils.map(({ withinMs }) => withinMs)),
    named: new Map(
      [...names].map((name) => [
        name,
        { self: seenFrom(steps, name, 'self'), peer: seenFrom(steps, name, 'peer') },
      ]),
    ),
    unnamed: seenFrom(steps, '', 'self'),
    derived: steps.flatMap(({ op }, at) => (op === 'atom' || op === 'until' ? [] : [at])),
    previous: steps.filter((step) => step.op === 'previously'),
    hidden: hiddenEndsOf(property),
    isStill: isStill(steps, when),
  });
}

/** @param by whose message it is, for the end from which it is seen */
function seenFrom(steps: readonly Step[], name: string, by: End): Seen {
  const wanted = steps.map(
    (step) =>
      step.op === 'atom' && step.atom.names.has(name) && (step.atom.by === undefined || step.atom.by === by),
  );
  return {
    touches: wanted.includes(true),
    truths: wanted.map((isWanted) => (isWanted ? TRUTH.shown : TRUTH.shownNot)),
    inside: steps.flatMap((step, at) =>
      wanted[at] === true && step.op === 'atom' && step.atom.having.length > 0
        ? [{ at, having: step.atom.having }]
        : [],
    ),
  };
}

/** Whatever is remembered: it is taken for true where that could matter. */
function isStill(steps: readonly Step[], when: number): boolean {
  const canBe: boolean[] = [];
  for (const step of steps) {
    if (step.op === 'not' || step.op === 'previously') return false;
    if (step.op === 'since' && (step.hold !== undefined || canBe[step.from] === true)) return false;
    if (step.op === 'until' && (step.hold !== undefined || canBe[step.reach] === true)) return false;
    if (step.op === 'all') canBe.push(step.of.every((part) => canBe[part] === true));
    else if (step.op === 'any') canBe.push(step.of.some((part) => canBe[part] === true));
    else canBe.push(step.op === 'since' || step.op === 'until');
  }
  return canBe[when] !== true;
}

class Compiler {
  readonly steps: Step[] = [];
  readonly untils: Extract<Step, { op: 'until' }>[] = [];
  readonly mistakes: PropertyMistake[] = [];
  memory = 0;

  refuse(at: PropertyMistake['at'], what: string): void {
    this.mistakes.push({ at, what });
  }

  formula(formula: Formula, at: PropertyMistake['at']): number {
    const part = (name: string, inner: Formula): number => this.formula(inner, [...at, name]);
    if ('message' in formula) return this.#add({ op: 'atom', atom: atomOf(formula) });
    if ('not' in formula) return this.#add({ op: 'not', of: part('not', formula.not) });
    if ('all' in formula) return this.#list('all', formula.all, at);
    if ('any' in formula) return this.#list('any', formula.any, at);
    if ('previously' in formula) {
      const of = this.#past(formula.previously, [...at, 'previously']);
      return this.#add({ op: 'previously', of, memory: this.#remember(1) });
    }
    if ('once' in formula) {
      const from = this.#past(formula.once, [...at, 'once']);
      return this.#since({ from, hold: undefined, withinMs: formula.withinMs });
    }
    if ('since' in formula) {
      const from = this.#past(formula.since.from, [...at, 'since', 'from']);
      const hold = this.#past(formula.since.hold, [...at, 'since', 'hold']);
      return this.#since({ from, hold, withinMs: formula.withinMs });
    }
    return 'answers' in formula ? this.formula(asked(formula), at) : this.#ahead(formula, at);
  }

  #ahead(formula: Extract<Formula, { readonly withinMs: number }>, at: PropertyMistake['at']): number {
    const { withinMs } = formula;
    if ('answeredBy' in formula) {
      const reach = this.#past({ message: formula.answeredBy, by: 'peer' }, at);
      return this.#until({ reach, hold: undefined, withinMs });
    }
    if ('eventually' in formula) {
      const reach = this.#past(formula.eventually, [...at, 'eventually']);
      return this.#until({ reach, hold: undefined, withinMs });
    }
    if ('never' in formula) {
      const reach = this.#past(formula.never, [...at, 'never']);
      return this.#add({ op: 'not', of: this.#until({ reach, hold: undefined, withinMs }) });
    }
    if ('always' in formula) {
      const reach = this.#add({ op: 'not', of: this.#past(formula.always, [...at, 'always']) });
      return this.#add({ op: 'not', of: this.#until({ reach, hold: undefined, withinMs }) });
    }
    if (!('until' in formula)) throw new TypeError('a formula of no kind');
    const hold = this.#past(formula.until.hold, [...at, 'until', 'hold']);
    const reach = this.#past(formula.until.reach, [...at, 'until', 'reach']);
    return this.#until({ reach, hold, withinMs });
  }

  /** What is inside of an operator of time looks back only: else a verdict had no end. */
  #past(formula: Formula, at: PropertyMistake['at']): number {
    const before = this.untils.length;
    const step = this.formula(formula, at);
    if (this.untils.length > before) this.refuse(at, 'cannot look ahead here');
    return step;
  }

  #list(op: 'all' | 'any', formulas: readonly Formula[], at: PropertyMistake['at']): number {
    return this.#add({ op, of: formulas.map((each, index) => this.formula(each, [...at, op, index])) });
  }

  #since(parts: { from: number; hold: number | undefined; withinMs: number | undefined }): number {
    const memory = this.#remember(SINCE_SLOTS);
    return this.#add({ op: 'since', ...parts, withinMs: parts.withinMs ?? Infinity, memory });
  }

  #until(parts: { reach: number; hold: number | undefined; withinMs: number }): number {
    const step = { op: 'until', ...parts, index: this.untils.length, at: this.steps.length } as const;
    this.untils.push(step);
    return this.#add(step);
  }

  #remember(slots: number): number {
    this.memory += slots;
    return this.memory - slots;
  }

  #add(step: Step): number {
    this.steps.push(step);
    return this.steps.length - 1;
  }
}

/**
 * Before this message, there was a request since which nothing has answered. Once a request has come while another was open, as when a UE is given
 * two sessions at a time, nobody counts what is open any more.
 */
function asked(formula: Extract<Formula, { readonly answers: unknown }>): Formula {
  const request: Formula = { message: formula.answers, by: 'peer' };
  const open: Formula = { since: { from: request, hold: { not: { message: formula.with, by: 'self' } } } };
  return { previously: { any: [open, { once: { all: [request, { previously: open }] } }] } };
}

function atomOf({ message, by, having = {} }: MessageAtom): Atom {
  return {
    names: new Set([message].flat()),
    by,
    having: Object.entries(having).map(([path, values]) => [path, [values].flat()] as const),
  };
}
