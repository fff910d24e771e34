import { commit, type Sha256 } from '../attest/format/disclosure.ts';
import type { Commitment } from '../attest/format/statement.ts';
import type { Json } from '../kernel/json.ts';
import { type Audience, audienceOf, type Part } from './audience.ts';
import type { Report } from './report.ts';

/** What has to come from outside, so that this room stays pure. */
export interface StatementTools {
  readonly sha256: Sha256;
  /** 22 characters of base64url for a place in the report; the same for the same place. */
  readonly saltFor: (place: string) => string;
}

/** Hides a value behind a commitment and keeps what opens it. `place` must be unique in the report. */
export type Hide = (place: string, value: Json, part: Part) => Commitment;

export interface Disclosures {
  readonly hide: Hide;
  /** What opens the hidden parts, in the order of hiding, for each organisation that may open any. */
  readonly byOrganisation: ReadonlyMap<string, readonly string[]>;
}

export function makeDisclosures({ input }: Report, { sha256, saltFor }: StatementTools): Disclosures {
  const audience: Audience = audienceOf(input);
  const opened = new Map([...audience.keys()].map((organisation) => [organisation, [] as string[]]));
  return {
    byOrganisation: opened,
    hide: (place, value, part) => {
      const { commitment, disclosure } = commit(value, saltFor(place), sha256);
      for (const [organisation, mayOpen] of audience) {
        if (mayOpen(part)) opened.get(organisation)?.push(disclosure);
      }
      return commitment;
    },
  };
}
