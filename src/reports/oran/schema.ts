import { CASE_STATUSES } from '../../attest/format/outcome.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** What the format says of a case; of a whole test it never says SKIP, of a metric never WARN. */
export const ORAN_RESULTS = ['PASS', 'FAIL', 'WARN', 'SKIP'] as const;

export const ORAN_UNITS = [
  'boolean',
  'bps',
  'kbps',
  'Mbps',
  'Gbps',
  'dB',
  'dBm',
  'count',
  'millisecond',
  'second',
  'bps/Hz',
  'percentage',
  'text',
] as const;
export type OranUnit = (typeof ORAN_UNITS)[number];

export const ORAN_INTERFACES = [
  'o-ru.ofh',
  'o-ru.fhm',
  'o-du.ofh',
  'o-du.fhm',
  'o-du.e2',
  'o-du.f1-c',
  'o-du.f1-u',
  'o-du.o1',
  'o-cu.f1-c',
  'o-cu.f1-u',
  'o-cu.e2',
  'o-cu.e1',
  'o-cu.o1',
  'smo.fhm',
  'smo.o2',
  'smo.o1',
  'non-rt-ric.a1',
  'near-rt-ric.a1',
  'near-rt-ric.e2',
  'near-rt-ric.o1',
] as const;

const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
const text = (maxLength: number): JsonObject => ({ type: 'string', maxLength });
const some = (items: JsonObject): JsonObject => ({ type: 'array', minItems: 1, items });
const instant = { type: 'string', format: 'date-time' };

/** An object with exactly these members; a name that ends in `?` is optional. */
function record(members: Readonly<Record<string, JsonObject>>, more: JsonObject = {}): JsonObject {
  return {
    type: 'object',
    required: Object.keys(members).filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(
      Object.entries(members).map(([name, schema]) => [name.replace(/\?$/u, ''), schema]),
    ),
    additionalProperties: false,
    ...more,
  };
}

const testMetadata = record({
  'contacts?': some(ref('contact')),
  startDate: instant,
  'stopDate?': instant,
  dutName: text(255),
  'interfaceUnderTest?': some({ enum: ORAN_INTERFACES }),
  result: { enum: ['PASS', 'FAIL', 'WARN'] },
  testType: { enum: ['conformance', 'interoperability', 'end-to-end', 'Other'] },
  testId: {
    anyOf: [
      { type: 'string', format: 'uuid' },
      { type: 'string', pattern: '^[A-Za-z0-9]{3,4}([23][0-9]){1}[0-9]{4}$' },
    ],
  },
  'iotProfile?': record({
    wg4IotSpecificationVersion: { type: 'string', pattern: '^[0-9][0-9][.][0-9][0-9]$' },
    'mPlaneIotProfileName?': text(128),
    'mPlaneIotProfileTestConfiguration?': text(128),
    'cusPlaneIotProfileName?': text(128),
    'cusPlaneIotProfileTestConfiguration?': text(128),
  }),
  'configurationParameters?': { type: 'object' },
});

const testbedComponent = record(
  {
    componentDescription: text(255),
    manufacturerName: text(255),
    manufacturerModel: text(255),
    'serialNumber?': text(255),
    'testbedInventoryId?': text(255),
    'softwareVersion?': text(255),
    'hardwareVersion?': text(255),
    'firmwareVersion?': text(255),
    'contacts?': some(ref('contact')),
    'configurationArtifacts?': some(ref('artifact')),
    'configurationNotes?': some(ref('note')),
    'configurationParameters?': { type: 'object' },
  },
  {
    anyOf: ['softwareVersion', 'hardwareVersion', 'firmwareVersion'].map((name) => ({ required: [name] })),
  },
);

const number = { type: 'string', maxLength: 32, pattern: '^([0-9]+)([.][0-9]+)*$' };

/**
 * The results format of the O-RAN ALLIANCE, version 1, as far as public re-implementations tell: the original is behind a
 * licence and was not seen. Only names and limits are taken over; no word of theirs is in here.
 */
export const ORAN_RESULTS_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $comment:
    'Reconstructed from public re-implementations of https://o-ran.org/schemas/o-ran-test-results. Not the original.',
  title: 'O-RAN test results, version 1 (reconstructed)',
  ...record({
    '$schema?': { type: 'string', format: 'uri' },
    schemaVersion: { const: 1 },
    testMetadata,
    'tags?': some({ type: 'string', maxLength: 255, pattern: '^[a-z0-9-]+$' }),
    testbedComponents: some(testbedComponent),
    testLab: record({
      name: text(255),
      address: text(512),
      contacts: some(ref('contact')),
      'links?': some(ref('link')),
    }),
    testSpecifications: some(
      record({ name: text(255), version: text(255), 'description?': text(512), links: some(ref('link')) }),
    ),
    testResults: some(ref('groupOrCase')),
    'notes?': some(ref('note')),
  }),
  $defs: {
    contact: record({
      firstName: text(255),
      lastName: text(255),
      'organization?': text(255),
      email: { type: 'string', format: 'email', maxLength: 255 },
      'phone?': text(255),
    }),
    link: record({
      displayName: text(255),
      'description?': text(1023),
      url: { type: 'string', format: 'uri' },
    }),
    artifact: record({ name: text(255), path: text(1023), description: text(4095) }),
    note: record({ title: text(255), body: text(4095) }),
    measurement: record({
      name: text(255),
      'description?': text(1023),
      values: some({ type: ['string', 'number', 'boolean'] }),
      units: { enum: ORAN_UNITS },
      'references?': some(ref('link')),
    }),
    metric: record({
      description: text(1023),
      measurements: some(ref('measurement')),
      status: { enum: CASE_STATUSES },
      result: { enum: ['PASS', 'FAIL', 'SKIP'] },
    }),
    groupOrCase: { anyOf: [ref('group'), ref('case')] },
    group: record({
      number,
      name: text(255),
      'description?': text(4095),
      groupItems: some(ref('groupOrCase')),
    }),
    case: record({
      number,
      name: text(255),
      description: text(1023),
      result: { enum: ORAN_RESULTS },
      status: { enum: CASE_STATUSES },
      'artifacts?': some(ref('artifact')),
      'links?': some(ref('link')),
      'measurements?': some(ref('measurement')),
      metrics: some(ref('metric')),
      'notes?': some(ref('note')),
      'startDate?': instant,
      'stopDate?': instant,
      'contacts?': some(ref('contact')),
    }),
  },
};
