import { encodeMobility } from '../../interfaces/nas/codec.ts';
import { encodeIdentity, type MobileIdentity, nullSchemeSuci } from '../../interfaces/nas/identity.ts';
import { encodeSecurityCapability } from '../../interfaces/nas/values.ts';
import type { STmsi } from '../../interfaces/rrc/s-tmsi.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { Blocked, type Seen } from '../procedure.ts';
import { mustSetUp } from './f1-setup.ts';
import { GUAMI_REGION, plmnOf, type TesterAmf, type UeIds } from './tester-amf.ts';
import type { TesterCuUp } from './tester-cu-up.ts';
import type { TesterDu, TesterUe } from './tester-du.ts';
import type { CuCpWorld } from './world.ts';

/** Everything around a gNB-CU-CP, with a UE in the middle. */
export interface UeFlow extends RadioFlow {
  readonly up: TesterCuUp;
}

/** What the UE itself needs of it. */
export interface RadioFlow {
  readonly du: TesterDu;
  readonly amf: TesterAmf;
}

export const SESSION = 1;
export const UPF = { host: '127.0.0.1', teid: 0x8001 } as const;
/** NAS that both ends of the tester take for what it is: octets that come out as they went in. */
export const NAS_DOWN = Uint8Array.of(0x7e, 0x00, 0x64, 0x6f);
export const NAS_UP = Uint8Array.of(0x7e, 0x00, 0x64, 0x24);

/** @throws Blocked */
export async function openFlow(world: CuCpWorld): Promise<UeFlow> {
  const amf = await world.amf();
  const up = await world.cuUp('setup');
  if (up === null || !(await up.setUp('setup', world.waiting)))
    throw Blocked.precondition('the E1 set-up that the case begins with was not done');
  return { du: await mustSetUp(world), up, amf };
}

export interface AttachedUe {
  readonly ue: TesterUe;
  readonly ids: UeIds;
}

/** A UE that comes, and what the core network calls it; absent: it has no name there. */
export interface Arrival {
  readonly step: string;
  readonly sTmsi?: STmsi;
}

/** A UE that asks for registration, as far as its first message to the core network; null when that did not come. */
export async function attach(
  world: CuCpWorld,
  flow: RadioFlow,
  { step, sTmsi }: Arrival,
): Promise<AttachedUe | null> {
  const from = flow.amf.next;
  const plmn = plmnOf(world.product);
  const identity: MobileIdentity =
    sTmsi === undefined
      ? nullSchemeSuci(plmn, '0000000001')
      : { kind: 'guti', plmn, amf: { region: GUAMI_REGION, ...sTmsi }, tmsi: sTmsi.tmsi };
  const ue = await flow.du.attach(step, registrationRequest(identity), sTmsi);
  const ids = await flow.amf.initialUe(from);
  return ids === null ? null : { ue, ids };
}

function registrationRequest(identity: MobileIdentity): Uint8Array {
  const algorithms = encodeSecurityCapability({ ciphering: [0, 1, 2, 3], integrity: [1, 2, 3] });
  return encodeMobility('RegistrationRequest', {
    registrationType: 9,
    ngKsi: 7,
    mobileIdentity: encodeIdentity(identity),
    ueSecurityCapability: Uint8Array.of(...algorithms, ...algorithms),
  });
}

/** As {@link attach}, and into security and a context. @throws Blocked */
export async function mustRegister(world: CuCpWorld, flow: RadioFlow): Promise<AttachedUe> {
  const attached = await attach(world, flow, { step: 'attach' });
  if (attached !== null && (await flow.amf.setUpContext('attach', attached.ids, NAS_DOWN))) return attached;
  throw Blocked.precondition('the UE did not come to the context that the case begins with');
}

/** Kind of an observation of who a UE is on the interfaces, by a name of the case. */
export const WHO = 'ue';

/** As {@link mustRegister}; what it is called everywhere is observed. @throws Blocked */
export async function mustRegisterAs(name: string, world: CuCpWorld, flow: RadioFlow): Promise<AttachedUe> {
  const attached = await mustRegister(world, flow);
  const { ids, ue } = attached;
  world.bench.observe('attach', WHO, { name, ...ids, du: ue.duId, cu: ue.cuId });
  return attached;
}

/** Identifiers of a UE: on NG, and on F1. */
export interface Who extends UeIds {
  readonly du: number;
  readonly cu: number;
}

export function whoIs(name: string, { observations }: Pick<Seen, 'observations'>): Who | null {
  const found = observations.find(
    ({ kind, data }) => kind === WHO && isJsonObject(data) && data['name'] === name,
  );
  if (found === undefined || !isJsonObject(found.data)) return null;
  const { ran, amf, du, cu } = found.data;
  return { ran: Number(ran), amf: Number(amf), du: Number(du), cu: Number(cu) };
}

/** NAS of a UE to the core network, and of the core network to the UE; what comes of it is seen on both interfaces. */
export async function exchangeNas(
  { waiting }: Pick<CuCpWorld, 'waiting'>,
  { du, amf }: RadioFlow,
  { attached: { ue, ids }, step }: { readonly attached: AttachedUe; readonly step: string },
): Promise<void> {
  const from = amf.next;
  du.enter(step);
  await du.sendNas(step, ue, NAS_UP);
  await amf.awaits('UplinkNASTransport', from);
  const next = du.link.next;
  await amf.downlinkNas(step, ids, NAS_DOWN);
  await du.link.waitFor(({ decoded }) => decoded.message?.name === 'DLRRCMessageTransfer', {
    ...{ ...waiting, from: next },
  });
}

/** A PDU session for it. */
export function establish({ amf }: RadioFlow, { ids }: AttachedUe, step: string): Promise<boolean> {
  return amf.setUpSession(step, ids, { id: SESSION, uplink: UPF, nas: NAS_DOWN });
}
