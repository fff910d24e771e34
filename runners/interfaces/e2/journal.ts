import type { E2apShape } from './types.ts';
import type { EntryIn } from '../ap/peer.ts';

/** A message of E2AP that was sent or received. */
export type PduEntry = EntryIn<E2apShape>;
