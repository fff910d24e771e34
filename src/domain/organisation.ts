import type { OrganisationId } from './ids.ts';

export const ORGANISATION_ROLES = ['vendor', 'lab', 'operator'] as const;
export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];

export interface Contact {
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
}

/** A partner. What a report must say of a laboratory and its customer and nobody has told, it says it does not know. */
export interface Organisation {
  readonly id: OrganisationId;
  readonly name: string;
  readonly roles: readonly string[];
  /** Postal address, in one text. @see ISO/IEC 17025:2017, 7.8.2.1 b, e */
  readonly address?: string;
  readonly contacts?: readonly Contact[];
  /** What a lab is accredited for, by whom and under which number, in its own words. */
  readonly accreditation?: string;
}
