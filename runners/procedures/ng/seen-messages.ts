import type { AnyMessage, MessageName, NgapShape } from '../../interfaces/ngap/types.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { type SeenMessageIn, seenOn, type SeenPdu as Seen } from '../ap/seen-messages.ts';

/** What a case saw on NG. */
export const { seenPdus, messagesOf } = seenOn<NgapShape>(NG);

export type SeenPdu = Seen<AnyMessage>;
export type SeenMessage<Name extends MessageName> = SeenMessageIn<NgapShape, Name>;
