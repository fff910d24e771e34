import { outgoing } from '../../interfaces/e2/answers.ts';
import { unwrapItems } from '../../interfaces/e2/messages.ts';
import type { AnyMessage, Ies } from '../../interfaces/e2/types.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import type { KpmAction } from '../../interfaces/e2sm/kpm/types.ts';
import { PerError } from '../../interfaces/per/error.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import type { TesterNode } from './ric-driver.ts';
import { kpmIndication, kpmOf, type RequestId } from './tester-node.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';

/** What a subscription to KPM asks for, or what is wrong with it. */
export interface WantedReport {
  readonly request: RequestId;
  readonly functionId: number;
  readonly actionId: number;
  readonly periodMs: number;
  readonly measurements: readonly string[];
}

/** @returns a sentence about the first thing that is not as E2SM-KPM has it */
export function readWanted(ies: Partial<Ies<'RICsubscriptionRequest'>>): WantedReport | string {
  const { RICrequestID, RANfunctionID, RICsubscriptionDetails: details } = ies;
  if (RICrequestID === undefined || RANfunctionID === undefined || details === undefined)
    return 'the request is not complete';
  const [action] = unwrapItems('RICaction-ToBeSetup-Item', details['ricAction-ToBeSetup-List']);
  if (action?.ricActionDefinition === undefined) return 'there is no action with a definition';
  try {
    const periodMs = KPM.v3.periodMs.decode(details.ricEventTriggerDefinition);
    const measurements = namesIn(KPM.v3.action.decode(action.ricActionDefinition));
    return {
      request: RICrequestID,
      functionId: RANfunctionID,
      actionId: action.ricActionID,
      periodMs,
      measurements,
    };
  } catch (error) {
    if (error instanceof PerError) return error.message;
    throw error;
  }
}

function namesIn(action: KpmAction): readonly string[] {
  const list = action.format === 3 ? action.measurements : action.subscription.measurements;
  return list.map(({ measurement }) => ('name' in measurement ? measurement.name : `#${measurement.id}`));
}

export interface Reporting {
  readonly node: TesterNode;
  readonly product: Equipment;
  readonly wanted: WantedReport;
  readonly step: string;
}

export interface Burst {
  readonly count: number;
  /** Between them, in ms; 0 is as fast as it goes. */
  readonly everyMs: number;
  readonly value?: number;
  readonly change?: (ies: Ies<'RICindication'>) => Ies<'RICindication'>;
}

/** Sends indications. */
export async function report(
  { node, product, wanted, step }: Reporting,
  { count, everyMs, value, change = (ies) => ies }: Burst,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const about = { ...wanted, kpm: kpmOf(product), ...(value === undefined ? {} : { value }) };
  for (let number = 0; number < count; number += 1) {
    const ies = kpmIndication({ ...about, number, atMs: Date.now() });
    await node.link.send(step, outgoing('RICindication', change(ies)));
    if (everyMs > 0) await pause(everyMs, { signal });
  }
}

/** The subscription in a message; undefined when it is none, or none to KPM that can be read. */
export function wantedIn(message: AnyMessage | null): WantedReport | undefined {
  if (message?.name !== 'RICsubscriptionRequest') return undefined;
  const wanted = readWanted(message.ies);
  return typeof wanted === 'string' ? undefined : wanted;
}
