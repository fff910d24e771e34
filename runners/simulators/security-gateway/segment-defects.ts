import type { Has } from '../ap/defects.ts';

/** What the security gateway of a product gets wrong, with the sentence that says what. */
export const SEGMENT_DEFECTS = {
  'segment-unprotected': 'lets its messages out of its site as they are, without IPsec',
  'segment-readable': 'protects its messages with an ESP that ciphers nothing',
  'segment-replay-accepted': 'takes packets of its ESP that it has had already',
  'segment-sequence-repeated': 'never counts on in the sequence numbers of its ESP',
} as const;

export type SegmentHas = Has<keyof typeof SEGMENT_DEFECTS>;
