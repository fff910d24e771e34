import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../../../runners/interfaces/ap/types.ts';
import { PROTOCOLS_UNDER_TEST } from '../../../../support/ap/protocols.ts';

const TABLES = { initiating: '&Initiating', successful: '&Successful', unsuccessful: '&Unsuccessful' };

describe.each(PROTOCOLS_UNDER_TEST)('$name', (protocol) => {
  const { name, schema, rules, codec, comprehend, procedures, setUp, vectors } = protocol;

  it('has the messages of each procedure as the module text has them', () => {
    const written = Object.values(procedures).flatMap((messages) => Object.values(messages));
    const known = KINDS.flatMap((kind) =>
      [...(schema.tables.get(`${name}.Procedures/${TABLES[kind]}`) ?? [])].map(([code, type]) => {
        const message = rules.messageOf(kind, Number(code))?.name ?? '';
        expect(type).toMatchObject({ name: `${name}.Message{${name}.${message}-IEs}` });
        return message;
      }),
    );
    expect([...known].sort()).toEqual([...written].sort());
    expect(known.length).toBeGreaterThan(20);
  });

  it.each(Object.entries(vectors))('reads %s of others, and writes the same octets', (message, hex) => {
    const decoded = codec.decodePdu(new Uint8Array(Buffer.from(hex, 'hex')));
    expect(decoded.faults).toEqual([]);
    expect(decoded.message?.name).toBe(message);
    expect(comprehend(decoded)).toEqual({ action: 'accept', cause: null, findings: [] });
    expect(Buffer.from(codec.encodePdu(decoded.pdu)).toString('hex')).toBe(hex);
  });

  it('reads the set-up that it wrote', () => {
    const [message, bytes] = setUp;
    const decoded = codec.decodePdu(bytes);
    expect(decoded).toMatchObject({ faults: [], message: { name: message, kind: 'initiating' } });
    expect(comprehend(decoded)).toEqual({ action: 'accept', cause: null, findings: [] });
    expect(codec.encodePdu(decoded.pdu)).toEqual(bytes);
  });

  it('refuses what breaks off, and says where', () => {
    const others = Object.values(vectors).map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
    for (const bytes of [setUp[1], ...others]) {
      const decoded = codec.decodePdu(bytes.slice(0, -2));
      expect(decoded.faults.length).toBeGreaterThan(0);
      expect(comprehend(decoded)).toMatchObject({ action: 'reject', cause: 'transfer-syntax-error' });
    }
  });
});
