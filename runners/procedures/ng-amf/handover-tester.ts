import type { EntryIn } from '../../interfaces/ap/peer.ts';
import type { MessageName, NgapShape } from '../../interfaces/ngap/types.ts';
import { handOver, type HandoverTarget } from '../../simulators/gnb/handover-source.ts';
import { arrive } from '../../simulators/gnb/handover-target.ts';
import { cellOf } from '../../simulators/gnb/settings.ts';
import { Blocked } from '../procedure.ts';
import type { AmfDriver } from './amf-driver.ts';
import type { TesterGnb } from './tester-gnb.ts';
import type { TesterUe } from './tester-ue.ts';

/** Two gNBs of the tester, and a UE with a session at the first one. */
export interface Moving {
  readonly source: TesterGnb;
  readonly target: TesterGnb;
  readonly ue: TesterUe;
}

/** @throws Blocked */
export async function readyToMove(driver: AmfDriver): Promise<Moving> {
  const source = await driver.ready();
  const target = await driver.ready('setup-2', 2);
  // Of what an AMF tells wrongly, what comes then shall be seen as well.
  target.behave({ checksAlgorithms: false });
  const ue = await driver.registered(source);
  if (!(await ue.establish('session'))) throw Blocked.precondition('the UE was given no session');
  return { source, target, ue };
}

export function placeOf({ settings }: TesterGnb): HandoverTarget {
  return { gnb: { id: settings.id, bits: settings.idBits }, cell: cellOf(settings) };
}

/** Has the source hand the UE over, and waits for what becomes of it. True: the UE is on its way. */
export async function prepare(
  { source, target, ue }: Moving,
  step: string,
  place = placeOf(target),
): Promise<boolean> {
  source.enter(step);
  target.enter(step);
  const from = ue.ran.facts.length;
  await handOver(source.gnb, ue.ran, place);
  return ue.ran.facts.slice(from).some(({ fact }) => fact.fact === 'handover-commanded');
}

/** The UE is at the target. */
export function moveTo({ source, target, ue }: Moving, step: string): void {
  source.enter(step);
  target.enter(step);
  target.expects(ue);
  arrive(target.gnb, ue.ran);
}

/** What the product does is looked for from now on. */
export function watch(gnb: TesterGnb): (name: MessageName) => Promise<EntryIn<NgapShape> | null> {
  const from = gnb.link.next;
  return (name) =>
    gnb.link.waitFor(({ decoded }) => decoded.message?.name === name, { ...gnb.waiting, from });
}
