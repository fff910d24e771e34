import type { SecretRef } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { parseSubscriberSecrets, type SubscriberSecrets } from '../../interfaces/aka/subscriber-keys.ts';
import type { SNssai } from '../../interfaces/nas/values.ts';
import type { Bench } from '../procedure.ts';
import { type HomeKeyRef, homeKeysIn } from './home-keys.ts';
import { isSecret, missing, type Product, unusable } from './ixit-values.ts';

/** What a tester has to know of a network, under these keys of the IXIT. */
export interface NgNetwork {
  /** `plmn`. */
  readonly plmn: string;
  /** `ng.tac`. */
  readonly tac: number;
  /** `ng.slices`: `[{sst, sd}]`, SD in hexadecimal. */
  readonly slices: readonly SNssai[];
  /** `ng.dnn`. */
  readonly dnn: string;
}

/** And of those who may use it. */
export interface NgIxit extends NgNetwork {
  /** `ng.subscribers`: `[{imsi, keys: {file}}]`. */
  readonly subscribers: readonly SubscriberRef[];
  /** `ng.homeNetworkKeys`, with which they conceal who they are; none: they do not. */
  readonly homeKeys: readonly HomeKeyRef[];
}

export interface SubscriberRef {
  readonly imsi: string;
  readonly keys: SecretRef;
}

/** @throws Blocked naming the first key that is missing or is not what it should be */
export function ngIxit(product: Product): NgIxit {
  return { ...ngNetwork(product), subscribers: subscribersIn(product), homeKeys: homeKeysIn(product) };
}

/** As above, without what only a runner may read. */
export function ngNetwork(product: Product): NgNetwork {
  const { ixit } = product;
  const { plmn, 'ng.tac': tac, 'ng.dnn': dnn } = ixit;
  if (typeof plmn !== 'string') throw missing(product, 'plmn', 'five or six digits');
  if (typeof tac !== 'number') throw missing(product, 'ng.tac', 'the number of a tracking area');
  if (typeof dnn !== 'string') throw missing(product, 'ng.dnn', 'the name of a data network');
  return { plmn, tac, dnn, slices: slicesIn(product) };
}

function slicesIn(product: Product): readonly SNssai[] {
  const list = product.ixit['ng.slices'];
  const slices = Array.isArray(list) ? (list as readonly Json[]).map(sliceIn) : [];
  const [first] = slices;
  if (first === undefined || slices.includes(null))
    throw missing(product, 'ng.slices', 'a list of {sst, sd}, SD in hexadecimal');
  return slices.filter((slice) => slice !== null);
}

function sliceIn(given: Json): SNssai | null {
  if (!isJsonObject(given) || typeof given['sst'] !== 'number') return null;
  const { sst, sd } = given;
  if (sd === undefined) return { sst };
  return typeof sd === 'string' && /^[0-9a-f]{6}$/iu.test(sd) ? { sst, sd: Number.parseInt(sd, 16) } : null;
}

function subscribersIn(product: Product): readonly SubscriberRef[] {
  const list = product.ixit['ng.subscribers'];
  const subscribers = (Array.isArray(list) ? (list as readonly Json[]) : []).flatMap((each) => {
    const { imsi, keys } = isJsonObject(each) ? each : {};
    if (typeof imsi !== 'string' || !/^\d{6,15}$/u.test(imsi) || !isJsonObject(keys)) return [];
    return isSecret(keys) ? [{ imsi, keys }] : [];
  });
  if (subscribers.length > 0) return subscribers;
  throw missing(product, 'ng.subscribers', 'a list of {imsi, keys: {file}}');
}

/** @throws Blocked when what is there are no keys */
export async function subscriberSecrets(
  bench: Pick<Bench, 'secret'>,
  { keys }: SubscriberRef,
): Promise<SubscriberSecrets> {
  const secrets = parseSubscriberSecrets(await bench.secret(keys));
  if (secrets.ok) return secrets.value;
  throw unusable(`the keys of a subscriber in ixit ng.subscribers cannot be used: ${secrets.error}`);
}
