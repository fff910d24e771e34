import type { AnyMessage, E2apShape, MessageName } from '../../interfaces/e2/types.ts';
import { E2 } from '../ap/interfaces/e2.ts';
import { type SeenMessageIn, seenOn, type SeenPdu as SeenOf } from '../ap/seen-messages.ts';

/** A message of E2AP among what a case observed. */
export type SeenPdu = SeenOf<AnyMessage>;
/** One that is known to be a message of that name. */
export type SeenMessage<Name extends MessageName> = SeenMessageIn<E2apShape, Name>;

export const { seenPdus, isMessage, messagesOf } = seenOn(E2);
