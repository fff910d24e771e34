import type { Equipment } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { Slice } from '../../interfaces/e2sm/identity.ts';
import { handoverPreparation } from '../../interfaces/rrc/handover-messages.ts';
import { cellOfGnb, type XnGnb } from '../../interfaces/xnap/node.ts';
import type { Amf, XnUe } from '../../interfaces/xnap/ue-context.ts';

/** Number of the gNB that the tester plays: one that nobody takes for a neighbour of his. */
const GNB = 0xffff_f0;
const PLMN = '00101';
const AMF_UE_ID = 0x5a_0001;

/** The tester as a gNB next to the product: same PLMN, same tracking area, same slices, as the IXIT has them. */
export function testerGnb({ ixit }: Pick<Equipment, 'ixit'>): XnGnb {
  const plmn = plmnIn(ixit);
  const tac = wholeIn(ixit, 'tac', 1);
  const cells = [0, 1].map((index) => cellOfGnb({ plmn, id: GNB, tac }, index));
  return { plmn, id: GNB, cells, slices: slicesIn(ixit), amfRegion: wholeIn(ixit, 'ng.amfRegion', 1) };
}

/** The AMF that the tester plays. */
export function testerAmf({ ixit }: Pick<Equipment, 'ixit'>, address = '127.0.0.1'): Amf {
  return { plmn: plmnIn(ixit), region: wholeIn(ixit, 'ng.amfRegion', 1), set: 1, pointer: 0, address };
}

/**
 * A UE that the tester hands over. IXIT `xn.rrcContext` has in hexadecimal a HandoverPreparationInformation that the product can
 * take; without it goes the smallest one that there is.
 */
export function testerUe({ ixit }: Pick<Equipment, 'ixit'>, number = 0): XnUe {
  const [slice = { sst: 1 }] = slicesIn(ixit);
  return {
    amf: testerAmf({ ixit }),
    amfUeId: AMF_UE_ID + number,
    // Of each kind all three algorithms but the second: what is told on can be told from what is usual.
    capabilities: {
      nrEncryption: 0xa000,
      nrIntegrity: 0xa000,
      eutraEncryption: 0xa000,
      eutraIntegrity: 0xa000,
    },
    key: Uint8Array.from({ length: 32 }, (_, at) => at),
    ncc: 1,
    sessions: [{ id: 1, slice, upf: { address: '127.0.0.1', teid: 0x100 + number }, qfi: 1, fiveQi: 9 }],
    rrc: hexIn(ixit['xn.rrcContext']) ?? handoverPreparation(),
  };
}

function plmnIn(ixit: Equipment['ixit']): string {
  const plmn = ixit['plmn'];
  return typeof plmn === 'string' ? plmn : PLMN;
}

function wholeIn(ixit: Equipment['ixit'], name: string, usual: number): number {
  const value = ixit[name];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : usual;
}

function slicesIn({ slices }: Equipment['ixit']): readonly Slice[] {
  const given = Array.isArray(slices) ? (slices as readonly Json[]) : [];
  const known = given.flatMap((each): readonly Slice[] => {
    if (!isJsonObject(each) || typeof each['sst'] !== 'number') return [];
    return [{ sst: each['sst'], ...(typeof each['sd'] === 'number' ? { sd: each['sd'] } : {}) }];
  });
  return known.length === 0 ? [{ sst: 1 }] : known;
}

function hexIn(value: Json | undefined): Uint8Array | null {
  if (typeof value !== 'string' || !/^(?:[0-9a-fA-F]{2})+$/u.test(value)) return null;
  return new Uint8Array(Buffer.from(value, 'hex'));
}
