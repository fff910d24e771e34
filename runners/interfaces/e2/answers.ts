import { PROTOCOL } from './codec.ts';
import type { E2apShape } from './types.ts';
import { Answers } from '../ap/answers.ts';
import type { OutgoingIn } from '../ap/types.ts';

/** A message to send. */
export type Outgoing = OutgoingIn<E2apShape>;

/** What is sent because of how a message was made; see `Answers`. @see O-RAN.WG3.E2AP clause 10 */
export const { outgoing, protocolAnswer, errorIndication, failure } = new Answers(PROTOCOL);
