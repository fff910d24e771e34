import { algorithmKeyOf } from '../aka/keys.ts';
import type { Algorithm } from '../nas-security/types.ts';
import type { Protected } from '../pdcp/entity.ts';

/** Algorithms of a UE in a cell, for RRC and for user data. */
export interface AsAlgorithms {
  readonly ciphering: Algorithm;
  readonly integrity: Algorithm;
}

/** What K_gNB comes to. @see TS 33.501 clause A.8 */
export interface AsKeys {
  readonly rrc: { readonly ciphering: Protected; readonly integrity: Protected };
  readonly userPlane: { readonly ciphering: Protected; readonly integrity: Protected };
}

export function asKeys(kgnb: Uint8Array, { ciphering, integrity }: AsAlgorithms): AsKeys {
  const by = (use: Parameters<typeof algorithmKeyOf>[1], algorithm: Algorithm): Protected => ({
    algorithm,
    key: algorithmKeyOf(kgnb, use, algorithm),
  });
  return {
    rrc: { ciphering: by('rrcEncryption', ciphering), integrity: by('rrcIntegrity', integrity) },
    userPlane: {
      ciphering: by('userPlaneEncryption', ciphering),
      integrity: by('userPlaneIntegrity', integrity),
    },
  };
}

/** A cell as keys are made for it: by its physical identity, and the NR-ARFCN of its SSB. */
export interface KeyedCell {
  readonly pci: number;
  readonly arfcn: number;
}

export const CIPHERINGS = ['nea0', 'nea1', 'nea2', 'nea3'] as const;
export const INTEGRITIES = ['nia0', 'nia1', 'nia2', 'nia3'] as const;

/** `null` of what is no algorithm of 128 bits. */
export function algorithmOf(name: string | undefined, names: readonly string[]): Algorithm | null {
  const at = names.indexOf(name ?? '');
  return at < 0 ? null : (at as Algorithm);
}
