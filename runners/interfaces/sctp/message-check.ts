import type { SctpAssociation, SctpMessage, SendOptions } from './types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

/** The message, with bytes of its own, or why it cannot be sent. */
export function checkMessage(
  bytes: Uint8Array,
  { ppid = 0, stream = 0, unordered = false }: SendOptions,
  { outStreams, maxBytes }: { readonly outStreams: number; readonly maxBytes: number },
): SctpMessage | HarnessError {
  const fits = bytes.length > 0 && bytes.length <= maxBytes;
  if (fits && Number.isInteger(stream) && stream >= 0 && stream < outStreams) {
    return { bytes: new Uint8Array(bytes), ppid, stream, unordered };
  }
  const given = `${bytes.length} bytes on stream ${stream}`;
  return new HarnessError(
    'SCTP_MESSAGE_REFUSED',
    `${given}; 1 to ${maxBytes} on streams below ${outStreams} can be sent`,
  );
}

export function hasEnded({ host, port }: SctpAssociation['peer']): HarnessError {
  return new HarnessError('SCTP_ENDED', `the association with ${host} port ${port} has ended`);
}
