import { CAMPAIGN_DOCUMENT } from '../inventory/campaign.ts';
import { EQUIPMENT_DOCUMENT } from '../inventory/equipment-file.ts';
import { OBJECTIVES_DOCUMENT } from '../inventory/objectives.ts';
import { OPINIONS_DOCUMENT } from '../inventory/opinions.ts';
import { PARTNERS_DOCUMENT } from '../inventory/partners.ts';
import { TESTBED_DOCUMENT } from '../inventory/testbed.ts';
import { EXPECTED_DOCUMENT } from '../plans/expected-file.ts';
import { PLAN_DOCUMENT } from '../plans/plan-file.ts';

/** Kinds of documents that people write, by the name of their schema in `docs/schemas/`. */
const DOCUMENTS: Readonly<
  Record<string, { readonly kind: string; readonly shape: { readonly schema: object } }>
> = {
  campaign: CAMPAIGN_DOCUMENT,
  equipment: EQUIPMENT_DOCUMENT,
  'expected-verdicts': EXPECTED_DOCUMENT,
  objectives: OBJECTIVES_DOCUMENT,
  opinions: OPINIONS_DOCUMENT,
  partners: PARTNERS_DOCUMENT,
  'test-plan': PLAN_DOCUMENT,
  testbed: TESTBED_DOCUMENT,
};

/** The JSON Schemas of all documents, as the text of `docs/schemas/<name>.schema.json`: made from the types of the code. */
export function documentSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(DOCUMENTS).map(([name, { kind, shape }]) => {
      const schema = {
        $schema: 'http://json-schema.org/draft-07/schema#',
        $comment: 'Generated from the code: npm run golden:update. Do not edit.',
        title: `Patchbay ${kind}`,
        ...shape.schema,
      };
      return [`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`];
    }),
  );
}
