import type { Equipment } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';
import type { Ies, Item } from '../../interfaces/e2/types.ts';
import {
  type Slice,
  snssaiOf,
  type UeId,
  ueOfDu,
  ueOfCuUp,
  ueOfGnb,
} from '../../interfaces/e2sm/identity.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { isKnownMeasurement, MEASUREMENTS } from '../../interfaces/e2sm/kpm/measurements.ts';
import {
  type KpmAction,
  type KpmDefinition,
  type KpmVersion,
  NO_LABEL,
  type ReportStyle,
  type Subscription,
} from '../../interfaces/e2sm/kpm/types.ts';
import { kpmVersionOf, serviceModel } from '../../interfaces/e2sm/service-models.ts';
import { PerError } from '../../interfaces/per/error.ts';
import type { E2Link } from '../e2/link.ts';
import { type Bench, Blocked } from '../procedure.ts';
import type { NodeDriver, Presented } from './node.ts';

export const REQUEST_ID = { ricRequestorID: 123, ricInstanceID: 1 };
export const ACTION_ID = 1;
/** Enough to see whether values belong together, few enough for a plot. */
const MAX_MEASUREMENTS = 5;

/** The KPM function of a product. */
export interface KpmFunction {
  readonly id: number;
  readonly definition: KpmDefinition;
}

type Function = Item<'RANfunction-Item'>;

/** Null for a function of another service model, or whose definition cannot be read. */
export function readKpm({
  ranFunctionID,
  ranFunctionOID,
  ranFunctionDefinition,
}: Function): KpmFunction | null {
  if (serviceModel(ranFunctionOID).name !== 'E2SM-KPM') return null;
  try {
    return { id: ranFunctionID, definition: KPM.v3.definition.decode(ranFunctionDefinition) };
  } catch (error) {
    if (error instanceof PerError) return null;
    throw error;
  }
}

/** @throws Blocked notSupportedByDut when the product offers no KPM that can be read */
export function mustHaveKpm({ functions }: Presented): KpmFunction {
  const [kpm] = functions.flatMap((each) => readKpm(each) ?? []);
  if (kpm !== undefined) return kpm;
  throw notSupported('the product offers no RAN function of E2SM-KPM');
}

export function notSupported(text: string): Blocked {
  return new Blocked({ code: 'ICS_NOT_CLAIMED', text }, 'notSupportedByDut');
}

/** The version that the product claims (ICS `e2.kpm`); null when it does not say. */
export function claimedVersion({ ics }: Pick<Equipment, 'ics'>): KpmVersion | null {
  const claim = ics['e2.kpm'];
  return typeof claim === 'string' ? kpmVersionOf(claim) : null;
}

/** @throws Blocked notSupportedByDut for a style that is not offered, notSupportedByTestbed when no UE was told */
export function actionFor(product: Equipment, kpm: KpmFunction, style: number): KpmAction {
  const offered = kpm.definition.reportStyles.find((each) => each.style === style);
  if (offered === undefined) throw notSupported(`the product offers no KPM report style ${style}`);
  const isOfUes = style !== 1;
  const names = namesFrom(offered, isOfUes);
  if (names.length === 0) throw notSupported(`the product measures nothing of UEs in style ${style}`);
  const measurements = names.map((name) => ({ measurement: { name }, labels: [NO_LABEL] }));
  const subscription: Subscription = { measurements, granularityMs: 1 };
  const test = { testType: { sNSSAI: 'true' }, testExpr: 'equal', testValue: sliceValue(product) } as const;
  switch (offered.actionFormat) {
    case 1:
      return { style, format: 1, subscription };
    case 2:
      return { style, format: 2, ue: uesOf(product, 1)[0] ?? ueOfDu(0), subscription };
    case 3:
      return {
        ...{ style, format: 3, granularityMs: 1 },
        measurements: names.map((name) => ({ measurement: { name }, conditions: [{ test, or: false }] })),
      };
    case 4:
      return { style, format: 4, conditions: [{ test, or: false }], subscription };
    case 5:
      return { style, format: 5, ues: uesOf(product, 2), subscription };
    default:
      throw notSupported(`the product offers style ${style} with action format ${offered.actionFormat}`);
  }
}

/** The same action with another granularity. */
export function every(action: KpmAction, granularityMs: number): KpmAction {
  return action.format === 3
    ? { ...action, granularityMs }
    : { ...action, subscription: { ...action.subscription, granularityMs } };
}

/** Those we know first: of them it can be said whether a value is possible. */
function namesFrom({ measurements }: ReportStyle, isOfUes: boolean): readonly string[] {
  const fits = (name: string): boolean => {
    if (!isKnownMeasurement(name)) return false;
    const { of }: { readonly of: readonly string[] } = MEASUREMENTS[name];
    return !isOfUes || of.includes('ue');
  };
  const names = measurements.map(({ name }) => name);
  return [...names.filter(fits), ...names.filter((name) => !isKnownMeasurement(name))].slice(
    0,
    MAX_MEASUREMENTS,
  );
}

function uesOf({ ixit, role, id }: Equipment, count: number): readonly UeId[] {
  const told = ixit['e2.ues'];
  const numbers = Array.isArray(told) ? told.filter((each): each is number => typeof each === 'number') : [];
  if (numbers.length < count)
    throw new Blocked(
      { code: 'IXIT_MISSING', text: `${id}: ixit e2.ues names less than ${count} UE(s) that are there` },
      'notSupportedByTestbed',
    );
  return numbers.slice(0, count).map((ue) => ueIdOf(ue, { role, ixit }));
}

/** A UE by its number in the protocol of that node: AMF UE NGAP ID, or gNB-CU UE F1AP or E1AP ID. */
export function ueIdOf(ue: number, { role, ixit }: Pick<Equipment, 'role' | 'ixit'>): UeId {
  if (role === 'o-du') return ueOfDu(ue);
  if (role === 'o-cu-up') return ueOfCuUp(ue);
  const plmn = ixit['plmn'];
  const amf = isJsonObject(ixit['e2.amf'] ?? null) ? (ixit['e2.amf'] as Record<string, Json>) : {};
  const part = (name: string): number => (typeof amf[name] === 'number' ? amf[name] : 1);
  return ueOfGnb({
    amfUeNgapId: ue,
    plmn: typeof plmn === 'string' ? plmn : '00101',
    amf: { region: part('region'), set: part('set'), pointer: part('pointer') },
    ...(role === 'o-cu-cp' ? { f1apIds: [ue] } : {}),
  });
}

/** IXIT `e2.slice`: a slice with UEs in it. Default: type 1. */
export function sliceOfProduct({ ixit }: Pick<Equipment, 'ixit'>): Slice {
  const told = ixit['e2.slice'];
  const { sst, sd } = told !== undefined && isJsonObject(told) ? told : {};
  return { sst: typeof sst === 'number' ? sst : 1, ...(typeof sd === 'number' ? { sd } : {}) };
}

function sliceValue(product: Pick<Equipment, 'ixit'>): { readonly valueOctS: Uint8Array } {
  const { sST, sD } = snssaiOf(sliceOfProduct(product));
  return { valueOctS: new Uint8Array([...sST, ...(sD ?? [])]) };
}

export interface Subscribing {
  readonly functionId: number;
  readonly action: KpmAction;
  readonly periodMs: number;
}

export function subscriptionRequest({
  functionId,
  action,
  periodMs,
}: Subscribing): Ies<'RICsubscriptionRequest'> {
  const item: Item<'RICaction-ToBeSetup-Item'> = {
    ricActionID: ACTION_ID,
    ricActionType: 'report',
    ricActionDefinition: KPM.v3.action.encode(every(action, periodMs)),
  };
  return {
    RICrequestID: REQUEST_ID,
    RANfunctionID: functionId,
    RICsubscriptionDetails: {
      ricEventTriggerDefinition: KPM.v3.periodMs.encode(periodMs),
      'ricAction-ToBeSetup-List': wrapItems('RICaction-ToBeSetup-Item', [item]),
    },
  };
}

/** A subscription that reports. @throws Blocked when none comes about */
export async function mustReport(driver: NodeDriver, presented: Presented): Promise<KpmFunction> {
  const { bench, waiting, product } = driver;
  const { link } = presented;
  const kpm = mustHaveKpm(presented);
  const periodMs = bench.number('periodMs');
  const action = actionFor(product, kpm, 1);
  const ies = subscriptionRequest({ functionId: kpm.id, action, periodMs });
  const outcome = await link.request('subscribe', { name: 'RICsubscriptionRequest', ies }, waiting);
  if (outcome.kind !== 'successful') throw Blocked.precondition('the product did not take the subscription');
  const first = await indications(link, { bench, count: 1, waiting });
  if (first < 1) throw Blocked.precondition('nothing was reported');
  return kpm;
}

/** How many indications came: as many as wanted, or fewer in the time that they need. */
export async function indications(
  link: E2Link,
  {
    bench,
    count,
    waiting,
  }: { readonly bench: Bench; readonly count: number; readonly waiting: NodeDriver['waiting'] },
): Promise<number> {
  const withinMs = bench.number('periodMs') * (count + 1) * 1.5 + waiting.withinMs;
  const end = performance.now() + withinMs;
  let from = link.next;
  for (let seen = 0; seen < count; seen += 1) {
    const left = Math.max(0, end - performance.now());
    const entry = await link.waitFor(({ decoded }) => decoded.message?.name === 'RICindication', {
      ...{ signal: waiting.signal, withinMs: left, from },
    });
    if (entry === null) return seen;
    from = entry.n + 1;
  }
  return count;
}
