import type { Tlv } from './chunks.ts';
import type { SctpSettings } from './settings.ts';
import type { CauseRecord, SctpEvent, SctpMessage } from './types.ts';

export interface AssociationSpec {
  readonly localPort: number;
  readonly peerPort: number;
  /** Largest packet, its header included. */
  readonly mtuBytes: number;
  readonly settings: SctpSettings;
}

/** What comes out. */
export interface AssociationHooks {
  readonly transmit: (packet: Uint8Array) => void;
  /** `taken` is to be called once the message has left the receive window. */
  readonly deliver: (message: SctpMessage, taken: (now: number) => void) => void;
  readonly happened: (event: SctpEvent) => void;
  /** 32 random bits. */
  readonly random: () => number;
}

export function isDue(at: number | undefined, now: number): boolean {
  return at !== undefined && at <= now;
}

export function cause(type: number, value: Uint8Array = new Uint8Array(0)): Tlv {
  return { type, value };
}

/** Copies: what came is a view of its packet (and `slice` of a Buffer would be another view). */
export function records(causes: readonly Tlv[]): readonly CauseRecord[] {
  return causes.map(({ type, value }) => ({ code: type, value: new Uint8Array(value) }));
}
