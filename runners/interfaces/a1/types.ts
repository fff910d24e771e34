import type { JsonObject } from '../../../src/kernel/json.ts';

/** The resource tree starts here unless the equipment file says otherwise. O-RAN.WG2.A1AP, A1-P URI structure. */
export const DEFAULT_BASE_PATH = '/A1-P/v2';

/** What a producer says about a policy type. O-RAN.WG2.A1AP, PolicyTypeObject. */
export interface PolicyType {
  readonly policySchema: JsonObject;
  readonly statusSchema?: JsonObject;
}

/** A resource of A1-P, by its place under the base path. */
export type A1Resource =
  | { readonly kind: 'types' }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'policies'; readonly type: string }
  | { readonly kind: 'policy'; readonly type: string; readonly policy: string }
  | { readonly kind: 'status'; readonly type: string; readonly policy: string };
