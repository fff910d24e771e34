import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readAuthority } from '../../../../../runners/interfaces/tls/authority.ts';
import {
  type CertificateFacts,
  clientCertificateFault,
  readCertificate,
} from '../../../../../runners/interfaces/tls/certificate.ts';
import {
  BAD_CLIENTS,
  issueClients,
  issueServer,
  makeTestPki,
} from '../../../../../runners/interfaces/tls/test-pki.ts';

const NOW = Date.UTC(2026, 10, 25);
const factsOf = (pem: string): CertificateFacts => readCertificate(new X509Certificate(pem).raw)!;

describe('the test PKI', async () => {
  const pki = await makeTestPki({ now: NOW });
  const ca = new X509Certificate(pki.ca);
  const clients = await issueClients(pki.authority, { now: NOW });

  it('has a server certificate that keeps to the profile', () => {
    expect(new X509Certificate(pki.server.certificate).verify(ca.publicKey)).toBe(true);
    expect(factsOf(pki.server.certificate)).toMatchObject({
      version: 3,
      keyUsage: { critical: true, usages: ['digitalSignature'] },
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
      subjectAltName: [
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ],
      crlDistributionPoints: 1,
      ca: false,
      publicKey: 'ec prime256v1',
    });
  });

  it('leaves out of a server certificate what it is told to', async () => {
    const { certificate } = await issueServer(pki.authority, {
      now: NOW,
      dnsNames: [],
      ipAddresses: [],
      crlUrl: null,
      keyUsage: false,
      lifeMs: -1000,
    });
    const facts = factsOf(certificate);
    expect(facts).toMatchObject({ keyUsage: null, subjectAltName: [], crlDistributionPoints: 0 });
    expect(Date.parse(facts.notAfter)).toBeLessThan(NOW);
  });

  it('makes each bad client wrong in one thing only', () => {
    const found = Object.fromEntries(
      BAD_CLIENTS.map((name) => {
        const { certificate } = clients[name];
        const facts = factsOf(certificate);
        const signed = new X509Certificate(certificate).verify(ca.publicKey);
        const inForce = Date.parse(facts.notBefore) <= NOW && NOW <= Date.parse(facts.notAfter);
        return [
          name,
          [signed || 'chain', inForce || 'dates', clientCertificateFault(facts) ?? true].filter(
            (x) => x !== true,
          ),
        ];
      }),
    );
    expect(found).toEqual({
      expired: ['dates'],
      notYetValid: ['dates'],
      noKeyUsage: ['keyUsage'],
      noExtendedKeyUsage: ['extendedKeyUsage'],
      wrongExtendedKeyUsage: ['extendedKeyUsage'],
      selfSigned: ['chain'],
      unknownAuthority: ['chain'],
      brokenChain: ['chain'],
    });
    expect(clientCertificateFault(factsOf(clients.good.certificate))).toBeUndefined();
  });

  it('can be taken up again from its files', async () => {
    const again = await readAuthority({ certificate: pki.ca, key: await pki.authority.exportKey() });
    const { good } = await issueClients(again, { now: NOW });
    expect(new X509Certificate(good.certificate).verify(ca.publicKey)).toBe(true);
  });

  it('is not taken up with the key of another', async () => {
    await expect(readAuthority({ certificate: pki.ca, key: pki.server.key })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(readAuthority({ certificate: pki.ca, key: 'no key' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(readAuthority(pki.server)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('does not read bytes that are no certificate', () => {
    expect(readCertificate(Buffer.from('no certificate'))).toBeUndefined();
    expect(readCertificate(new Uint8Array())).toBeUndefined();
    expect(readCertificate(new Uint8Array(70_000))).toBeUndefined();
  });
});
