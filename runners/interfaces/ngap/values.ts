import type {
  NGAP$FiveG_S_TMSI as STmsi,
  NGAP$GlobalRANNodeID as NodeId,
  NGAP$GUAMI as Guami,
  NGAP$S_NSSAI as WireSlice,
  NGAP$UESecurityCapabilities as Capabilities,
  NGAP$UserLocationInformation as Location,
} from './gen/ngap.js';
import { type AmfId, decodePlmn, encodePlmn } from '../nas/identity.ts';
import type { SNssai } from '../nas/values.ts';
import type { BitString } from '../per/values.ts';

/** A number in so many bits, the highest first. */
export function bitsOf(value: number | bigint, length: number): BitString {
  const octets = Math.ceil(length / 8);
  const shifted = BigInt(value) << BigInt(octets * 8 - length);
  const bits = Uint8Array.from({ length: octets }, (_, at) =>
    Number((shifted >> BigInt(8 * (octets - 1 - at))) & 0xffn),
  );
  return { bits, length };
}

export function numberIn({ bits, length }: BitString): number {
  const value = bits.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  return Number(value >> BigInt(bits.length * 8 - length));
}

/** Three octets. */
export function octetsOf(value: number): Uint8Array {
  return Uint8Array.of((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
}

export function valueOf(octets: Uint8Array): number {
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function wireSlice({ sst, sd }: SNssai): WireSlice {
  return { sST: Uint8Array.of(sst), ...(sd === undefined ? {} : { sD: octetsOf(sd) }) };
}

export function sliceIn({ sST, sD }: WireSlice): SNssai {
  return { sst: sST[0] ?? 0, ...(sD === undefined ? {} : { sd: valueOf(sD) }) };
}

export function isSameSlice(one: SNssai, other: SNssai): boolean {
  return one.sst === other.sst && one.sd === other.sd;
}

export function guamiOf(plmn: string, { region, set, pointer }: AmfId): Guami {
  return {
    pLMNIdentity: encodePlmn(plmn),
    aMFRegionID: bitsOf(region, 8),
    aMFSetID: bitsOf(set, 10),
    aMFPointer: bitsOf(pointer, 6),
  };
}

export function wireSTmsi({
  set,
  pointer,
  tmsi,
}: Omit<AmfId, 'region'> & { readonly tmsi: Uint8Array }): STmsi {
  return { aMFSetID: bitsOf(set, 10), aMFPointer: bitsOf(pointer, 6), 'fiveG-TMSI': tmsi };
}

/** Of an NR gNB. @param bits 22 to 32 */
export function gnbId(plmn: string, { id, bits }: { readonly id: number; readonly bits: number }): NodeId {
  return { 'globalGNB-ID': { pLMNIdentity: encodePlmn(plmn), 'gNB-ID': { 'gNB-ID': bitsOf(id, bits) } } };
}

/** `gNB 00101 1`; of other nodes, what kind it is. */
export function nodeNameOf(id: NodeId): string {
  if (!('globalGNB-ID' in id)) return Object.keys(id)[0] ?? 'node';
  const { pLMNIdentity, 'gNB-ID': gnb } = id['globalGNB-ID'];
  const number = 'gNB-ID' in gnb ? String(numberIn(gnb['gNB-ID'])) : '?';
  return `gNB ${decodePlmn(pLMNIdentity) ?? '?'} ${number}`;
}

export interface Cell {
  readonly plmn: string;
  readonly tac: number;
  /** 36 bits. */
  readonly id: number;
}

export function locationOf({ plmn, tac, id }: Cell): Location {
  const pLMNIdentity = encodePlmn(plmn);
  return {
    userLocationInformationNR: {
      'nR-CGI': { pLMNIdentity, nRCellIdentity: bitsOf(id, 36) },
      tAI: { pLMNIdentity, tAC: octetsOf(tac) },
    },
  };
}

/** From the octets of NAS: NGAP leaves the null algorithm out. @see TS 38.413 clause 9.3.1.86 */
export function wireCapabilities([ea = 0, ia = 0, eea = 0, eia = 0]: Uint8Array): Capabilities {
  const withoutNull = (octet: number): BitString => ({
    bits: Uint8Array.of((octet << 1) & 0xff, 0),
    length: 16,
  });
  return {
    nRencryptionAlgorithms: withoutNull(ea),
    nRintegrityProtectionAlgorithms: withoutNull(ia),
    eUTRAencryptionAlgorithms: withoutNull(eea),
    eUTRAintegrityProtectionAlgorithms: withoutNull(eia),
  };
}

export function isSameCapabilities(one: Capabilities, other: Capabilities): boolean {
  const text = (each: Capabilities): string =>
    [each.nRencryptionAlgorithms, each.nRintegrityProtectionAlgorithms].map(numberIn).join();
  return text(one) === text(other);
}
