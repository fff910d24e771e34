import { describe, expect, it } from 'vitest';
import {
  isProfileSuite,
  LEGACY_SUITES,
  suiteName,
  TLS12_SUITES,
  TLS13_SUITES,
} from '../../../../../runners/interfaces/tls/cipher-suites.ts';

describe('the profile of cipher suites', () => {
  it.each([
    'TLS_AES_128_GCM_SHA256',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
    'TLS_DHE_RSA_WITH_AES_128_CCM',
  ])('has %s', (name) => {
    expect(isProfileSuite(name)).toBe(true);
  });

  it.each([
    ['CBC', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256'],
    ['RC4', 'TLS_RSA_WITH_RC4_128_SHA'],
    ['no forward secrecy', 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
    ['a static Diffie-Hellman key', 'TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256'],
    ['nobody vouched for', 'TLS_DH_anon_WITH_AES_128_GCM_SHA256'],
    ['no encryption', 'TLS_ECDHE_ECDSA_WITH_NULL_SHA'],
    ['an unknown code', '0xfefe'],
  ])('has no suite with %s', (_, name) => {
    expect(isProfileSuite(name)).toBe(false);
  });

  it('knows each code once, and offers no suite of TLS 1.3 to older versions', () => {
    const all = [...TLS12_SUITES, ...TLS13_SUITES];
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(all.map(suiteName)).size).toBe(all.length);
    expect(LEGACY_SUITES.every((code) => TLS12_SUITES.includes(code))).toBe(true);
  });
});
