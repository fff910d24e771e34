import type { Procedure } from '../procedure.ts';
import { CONSUMER_CALLBACKS } from './consumer-callbacks.ts';
import { CONSUMER_REQUESTS } from './consumer-requests.ts';
import { policyLife } from './pair.ts';
import { createPolicy, refusePolicy } from './policy-create.ts';
import { deletePolicy } from './policy-delete.ts';
import { notifyStatus } from './policy-notify.ts';
import { readPolicy } from './policy-read.ts';
import { updatePolicy } from './policy-update.ts';
import { readType } from './type-read.ts';
import { listTypes } from './types-list.ts';

/** Every A1 procedure a plan may name. */
export const A1_PROCEDURES: readonly Procedure[] = [
  listTypes,
  readType,
  createPolicy,
  refusePolicy,
  readPolicy,
  updatePolicy,
  deletePolicy,
  notifyStatus,
  ...CONSUMER_REQUESTS,
  ...CONSUMER_CALLBACKS,
  policyLife,
];
