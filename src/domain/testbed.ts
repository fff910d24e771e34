import type { OrganisationId, TestbedId } from './ids.ts';

export interface Instrument {
  readonly id: string;
  readonly capacity: number;
}

export interface Calendar {
  /** IANA name. */
  readonly timeZone: string;
  /** Such as `Mon-Fri 08:00-18:00`, in that time zone. */
  readonly staffed: readonly string[];
  /** Dates, inclusive. */
  readonly closed: readonly { readonly from: string; readonly to: string }[];
}

export interface Testbed {
  readonly id: TestbedId;
  readonly organisation: OrganisationId;
  /** Runs at a time. */
  readonly slots: number;
  readonly capabilities: readonly string[];
  readonly instruments: readonly Instrument[];
  readonly calendar?: Calendar;
  readonly setUp: { readonly minutesPerChangedRole: Readonly<Record<string, number>> };
}
