import { PROTOCOL } from './codec.ts';

export type { CauseOfProtocol, Comprehension, Finding } from '../ap/comprehension.ts';

/**
 * What the specification makes of a message, whatever it means.
 *
 * @see O-RAN.WG3.E2AP clause 10, which is that of 3GPP TS 38.413: 10.2 transfer syntax, 10.3 abstract syntax
 */
export const { comprehend } = PROTOCOL;
