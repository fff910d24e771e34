import type { Equipment } from '../../../../src/domain/equipment.ts';
import type { ApShape, NameIn, OutgoingIn } from '../../../interfaces/ap/types.ts';
import type { Bench, ParameterSpec } from '../../procedure.ts';
import type { ApInterface } from '../ap-interface.ts';
import type { FuzzTemplate } from '../fuzz/inputs.ts';
import type { ApLink, LinkWaiting } from '../link.ts';

/** What a case about a product on an application protocol drives with, whoever connects to whom. */
export interface ApDriver<S extends ApShape> {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  /** How long the product may take to answer. */
  readonly waiting: LinkWaiting;
  /** A new association; null when there was none in time. */
  associate(step: string): Promise<ApLink<S> | null>;
  /** Sets the interface up on it; false when that was not done. */
  setUp(link: ApLink<S>, step: string): Promise<boolean>;
  /** Both. @throws Blocked */
  ready(step?: string): Promise<ApLink<S>>;
}

/** The cases that every product has to stand on any application protocol, told of one of them. */
export interface ApSuite<S extends ApShape> {
  /** Of the ids of its procedures, such as `f1.cu`. */
  readonly prefix: string;
  readonly spoken: ApInterface<S>;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  drive(
    bench: Bench,
    options: { signal: AbortSignal },
    behave: (driver: ApDriver<S>) => Promise<void>,
  ): Promise<void>;
  /** A request that changes nothing, that may come again and again, and that has a failure. */
  update(link: ApLink<S>): OutgoingIn<S>;
  readonly updateAnswer: NameIn<S>;
  /** RESET of the whole interface. */
  reset(link: ApLink<S>): OutgoingIn<S>;
  /** Messages that the tester may send, by the states in which it may. */
  templates(product: Equipment): readonly FuzzTemplate[];
  /** Messages by which a sound product leaves, or stays away. */
  readonly spared: readonly NameIn<S>[];
  /** Whether the product listens, and the tester can come before it sets anything up. */
  readonly isListening: boolean;
}

/** What a reset is answered with: not every protocol calls it the same. */
export function isResetAnswer(name: string | undefined): boolean {
  return name === 'ResetAcknowledge' || name === 'ResetResponse';
}

/** Whether the product still does what everyone must: a reset is answered. */
export async function probe<S extends ApShape>(
  suite: ApSuite<S>,
  { waiting }: Pick<ApDriver<S>, 'waiting'>,
  { link, step = 'alive' }: { readonly link: ApLink<S>; readonly step?: string },
): Promise<boolean> {
  const from = link.next;
  await link.send(step, suite.reset(link));
  // What came before may still be complained about: that is no answer to this.
  const isAnswer = ({ decoded }: { decoded: { message: unknown } }): boolean =>
    isResetAnswer((decoded.message as { readonly name?: string } | null)?.name);
  return (await link.waitFor(isAnswer, { ...waiting, from })) !== null;
}

/** Sends, and waits for anything that can come of it. */
export async function provoke<S extends ApShape>(
  { waiting }: Pick<ApDriver<S>, 'waiting'>,
  { link, step, octets }: { readonly link: ApLink<S>; readonly step: string; readonly octets: Uint8Array },
): Promise<void> {
  const from = link.next;
  await link.sendBytes(step, octets);
  await link.waitFor(({ relation }) => relation !== 'again', { ...waiting, from });
}
