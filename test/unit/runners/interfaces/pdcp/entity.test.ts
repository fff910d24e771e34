import { describe, expect, it } from 'vitest';
import {
  PdcpReceiver,
  type PdcpSecurity,
  PdcpSender,
} from '../../../../../runners/interfaces/pdcp/entity.ts';
import type { BearerKind } from '../../../../../runners/interfaces/pdcp/pdu.ts';

const KEY = new Uint8Array(16).fill(7);
const OTHER_KEY = new Uint8Array(16).fill(8);
const SDU = new TextEncoder().encode('what the bearer carries');
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

function aPair(kind: BearerKind, security?: PdcpSecurity) {
  const options = { kind, bearer: 1, direction: 'uplink' } as const;
  const [sender, receiver] = [new PdcpSender(options), new PdcpReceiver(options)];
  if (security !== undefined) sender.security = receiver.security = security;
  return { sender, receiver };
}

const BOTH: PdcpSecurity = {
  ciphering: { algorithm: 2, key: KEY },
  integrity: { algorithm: 2, key: KEY },
};

describe('a bearer of PDCP', () => {
  it('has a MAC-I of zeros on signalling without security', () => {
    const { sender } = aPair('srb');
    expect(hex(sender.protect(Uint8Array.of(0xaa)))).toBe('0000aa00000000');
    expect(hex(sender.protect(Uint8Array.of(0xbb)))).toBe('0001bb00000000');
  });

  it('says of user data that it is data, with 12 and with 18 bits', () => {
    expect(hex(aPair('drb12').sender.protect(Uint8Array.of(0xaa)))).toBe('8000aa');
    expect(hex(aPair('drb18').sender.protect(Uint8Array.of(0xaa)))).toBe('800000aa');
  });

  it.each(['srb', 'drb12', 'drb18'] as const)('delivers under security what was put into %s', (kind) => {
    const { sender, receiver } = aPair(kind, BOTH);
    for (let count = 0; count < 3; count += 1)
      expect(receiver.receive(sender.protect(SDU))).toEqual({ ok: true, value: { sdu: SDU, count } });
  });

  it('goes on where the sequence number begins anew', () => {
    const { sender, receiver } = aPair('drb12');
    for (let count = 0; count < 4_095; count += 1) receiver.receive(sender.protect(SDU));
    for (const count of [4_095, 4_096])
      expect(receiver.receive(sender.protect(SDU))).toEqual({ ok: true, value: { sdu: SDU, count } });
  });

  it('delivers what was lost before and comes late, once', () => {
    const { sender, receiver } = aPair('drb12', BOTH);
    const [first, second] = [sender.protect(SDU), sender.protect(SDU)];
    expect(receiver.receive(second)).toMatchObject({ ok: true, value: { count: 1 } });
    expect(receiver.receive(first)).toMatchObject({ ok: true, value: { count: 0 } });
    expect(receiver.receive(first)).toMatchObject({ ok: false, error: { kind: 'repeated' } });
  });

  it('delivers nothing that another key protected, or that was changed', () => {
    const { sender, receiver } = aPair('srb', BOTH);
    receiver.security = { ...BOTH, integrity: { algorithm: 2, key: OTHER_KEY } };
    expect(receiver.receive(sender.protect(SDU))).toMatchObject({ ok: false, error: { kind: 'integrity' } });
    receiver.security = BOTH;
    const changed = sender.protect(SDU);
    changed[5] = (changed[5] ?? 0) ^ 1;
    expect(receiver.receive(changed)).toMatchObject({ ok: false, error: { kind: 'integrity' } });
  });

  it('takes no control PDU and no beginning of one for data', () => {
    expect(aPair('drb18').receiver.receive(Uint8Array.of(0x10, 0, 0))).toMatchObject({
      ok: false,
      error: { kind: 'control' },
    });
    for (const octets of [[], [0x80], [0x00, 0x00, 0xaa]])
      expect(aPair('srb').receiver.receive(Uint8Array.from(octets))).toMatchObject({
        ok: false,
        error: { kind: 'malformed' },
      });
  });
});
