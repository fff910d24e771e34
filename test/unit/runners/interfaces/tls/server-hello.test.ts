import { describe, expect, it } from 'vitest';
import { readFlight } from '../../../../../runners/interfaces/tls/server-hello.ts';

const record = (type: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3, content.byteLength >> 8, content.byteLength & 255]), content]);
const message = (type: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, 0, content.byteLength >> 8, content.byteLength & 255]), content]);
const hello = ({
  version = 0x0303,
  suite = 0xc02b,
  compression = 0,
  extensions = Buffer.alloc(0),
} = {}): Buffer =>
  message(
    2,
    Buffer.concat([
      Buffer.from([version >> 8, version & 255]),
      Buffer.alloc(32, 7),
      Buffer.from([0, suite >> 8, suite & 255, compression]),
      Buffer.from([extensions.byteLength >> 8, extensions.byteLength & 255]),
      extensions,
    ]),
  );
const read = (bytes: Buffer, keyExchange = false) => readFlight(bytes, { keyExchange });

describe('the first flight of a server', () => {
  it('is a ServerHello with its version, suite and compression', () => {
    expect(read(record(22, hello({ compression: 1 })))).toEqual({
      state: 'done',
      reply: {
        kind: 'server-hello',
        version: 'TLSv1.2',
        suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
        compression: 1,
      },
    });
  });

  it('names the version that supported_versions says, and the group of the key share', () => {
    const extensions = Buffer.from([0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 0x1d]);
    expect(read(record(22, hello({ suite: 0x1301, extensions })))).toMatchObject({
      reply: { version: 'TLSv1.3', suite: 'TLS_AES_128_GCM_SHA256', group: 'x25519' },
    });
  });

  it('may come in pieces, of records and of packets', () => {
    const whole = hello();
    const bytes = Buffer.concat([record(22, whole.subarray(0, 9)), record(22, whole.subarray(9))]);
    for (let end = 0; end < bytes.byteLength; end += 1)
      expect(read(bytes.subarray(0, end))).toEqual({ state: 'more' });
    expect(read(bytes)).toMatchObject({ state: 'done', reply: { kind: 'server-hello' } });
  });

  it('is read on to the group of an elliptic-curve key exchange', () => {
    const bytes = record(22, Buffer.concat([hello(), message(12, Buffer.from([3, 0, 0x13, 1, 4]))]));
    expect(read(bytes, true)).toMatchObject({ reply: { group: 'secp192r1' } });
  });

  it('is read on to the size of a modulus, leading zeros aside', () => {
    const modulus = Buffer.concat([Buffer.from([0, 128]), Buffer.from([0]), Buffer.alloc(127, 0x7f)]);
    const bytes = record(22, Buffer.concat([hello({ suite: 0x0033 }), message(12, modulus)]));
    expect(read(bytes, true)).toMatchObject({ reply: { dhBits: 1015 } });
  });

  it('is an alert by its name', () => {
    expect(read(record(21, Buffer.from([2, 70])))).toEqual({
      state: 'done',
      reply: { kind: 'alert', fatal: true, description: 'protocol_version' },
    });
  });

  it('goes on after a warning', () => {
    const bytes = Buffer.concat([record(21, Buffer.from([1, 112])), record(22, hello())]);
    expect(read(bytes)).toMatchObject({ reply: { kind: 'server-hello' } });
  });

  it.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
    ['a banner', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a record of application data', record(23, Buffer.alloc(20))],
    ['another hand-shake message first', record(22, message(11, Buffer.alloc(8)))],
    ['a ServerHello that is too short', record(22, message(2, Buffer.alloc(20)))],
    ['a session id longer than its message', record(22, message(2, Buffer.alloc(36, 255)))],
    ['a record longer than TLS allows', Buffer.from([22, 3, 3, 255, 255, 0])],
  ])('is no TLS when it is %s', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ state: 'done', reply: { kind: 'not-tls' } });
  });
});
