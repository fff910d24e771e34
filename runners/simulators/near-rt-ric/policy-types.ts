import type { Json } from '../../../src/kernel/json.ts';
import type { PolicyType } from '../../interfaces/a1/types.ts';

const STATUS_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    enforceStatus: { type: 'string', enum: ['ENFORCED', 'NOT_ENFORCED'] },
    enforceReason: { type: 'string' },
  },
  required: ['enforceStatus'],
} as const;

/** Small policy types of our own with the ids of well-known ones; their schemas are ours, not O-RAN's. */
export const POLICY_TYPES: ReadonlyMap<string, PolicyType> = new Map<string, PolicyType>([
  [
    'ORAN_QoSTarget_2.0.0',
    {
      policySchema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: {
          scope: {
            type: 'object',
            properties: { sliceId: { type: 'string' }, qosId: { type: 'integer', minimum: 0 } },
            required: ['sliceId'],
            additionalProperties: false,
          },
          qosObjectives: {
            type: 'object',
            properties: {
              guaranteedKbps: { type: 'integer', minimum: 0, maximum: 1_000_000 },
              delayMs: { type: 'number', exclusiveMinimum: 0 },
            },
            required: ['guaranteedKbps'],
            additionalProperties: false,
          },
        },
        required: ['scope', 'qosObjectives'],
        additionalProperties: false,
      },
      statusSchema: STATUS_SCHEMA,
    },
  ],
  [
    'ORAN_TrafficSteeringPreference_2.0.0',
    {
      policySchema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {
          scope: {
            type: 'object',
            properties: { sliceId: { type: 'string' } },
            required: ['sliceId'],
            additionalProperties: false,
          },
          preferences: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              properties: {
                cells: { type: 'array', items: { type: 'string' }, minItems: 1 },
                preference: { enum: ['PREFER', 'AVOID', 'SHALL', 'FORBID'] },
              },
              required: ['cells', 'preference'],
              additionalProperties: false,
            },
          },
        },
        required: ['scope', 'preferences'],
        additionalProperties: false,
      },
      statusSchema: STATUS_SCHEMA,
    },
  ],
]);

/** Bodies for the types above, in the form of the IXIT `a1.policies`. */
export const POLICY_BODIES = {
  'ORAN_QoSTarget_2.0.0': {
    valid: { scope: { sliceId: 'slice-1' }, qosObjectives: { guaranteedKbps: 1000 } },
    update: { scope: { sliceId: 'slice-1' }, qosObjectives: { guaranteedKbps: 2000 } },
    invalid: { scope: { sliceId: 'slice-1' }, qosObjectivs: { guaranteedKbps: 1000 } },
  },
  'ORAN_TrafficSteeringPreference_2.0.0': {
    valid: { scope: { sliceId: 'slice-1' }, preferences: [{ cells: ['cell-1'], preference: 'PREFER' }] },
    update: { scope: { sliceId: 'slice-1' }, preferences: [{ cells: ['cell-2'], preference: 'AVOID' }] },
    invalid: { scope: { sliceId: 'slice-1' }, preference: [{ cells: ['cell-1'], preference: 'PREFER' }] },
  },
} as const satisfies Json;
