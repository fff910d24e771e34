import type { AnyMessage, MessageName, XnapShape } from '../../interfaces/xnap/types.ts';
import { XN } from '../ap/interfaces/xn.ts';
import { type SeenMessageIn, seenOn, type SeenPdu as SeenOf } from '../ap/seen-messages.ts';

/** A message of XnAP among what a case observed. */
export type SeenPdu = SeenOf<AnyMessage>;
/** One that is known to be a message of that name. */
export type SeenMessage<Name extends MessageName> = SeenMessageIn<XnapShape, Name>;

export const { seenPdus, messagesOf } = seenOn(XN);
