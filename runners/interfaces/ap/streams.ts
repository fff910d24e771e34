import type { ApMessage } from './types.ts';

const COMMON = 0;
const UE_ASSOCIATED = 1;

/**
 * One stream is for what is about no UE, and for that alone; what is about a UE is on another one, and stays there.
 * An association that has no other one cannot tell them apart.
 *
 * @param message `null` of octets that are none
 * @see 3GPP TS 38.412, 38.422, 38.462 and 38.472, clause 7 of each
 */
export function streamFor(
  message: ApMessage | null,
  {
    protocol: { ueElements },
    outStreams,
  }: { readonly protocol: { readonly ueElements: readonly string[] }; readonly outStreams: number },
): number {
  if (message === null || outStreams <= UE_ASSOCIATED) return COMMON;
  return ueElements.some((name) => Object.hasOwn(message.ies, name)) ? UE_ASSOCIATED : COMMON;
}
