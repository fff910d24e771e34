import type { SeenPdu } from '../e2/seen-messages.ts';

/** The first message that the tester sent in a step: what it answers later in it is another matter. */
export function openingOf(pdus: readonly SeenPdu[], step: string): SeenPdu | undefined {
  return pdus.find((pdu) => pdu.direction === 'sent' && pdu.step === step);
}
