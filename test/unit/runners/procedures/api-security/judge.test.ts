import { describe, expect, it } from 'vitest';
import type { HttpExchange } from '../../../../../runners/interfaces/http/types.ts';
import type { TlsScan } from '../../../../../runners/interfaces/tls/scan.ts';
import { apiInput } from '../../../../../runners/procedures/api-security/api.ts';
import { oauthChecks } from '../../../../../runners/procedures/api-security/oauth.ts';
import { withoutSecrets } from '../../../../../runners/procedures/api-security/secured-api.ts';
import { tlsProfile } from '../../../../../runners/procedures/api-security/tls.ts';
import { certificateProfile } from '../../../../../runners/procedures/api-security/x509.ts';
import type { Procedure, Seen } from '../../../../../runners/procedures/procedure.ts';
import type { Json } from '../../../../../src/kernel/json.ts';
import { anEquipment } from '../../../../support/equipment.ts';

const anExchange = (status: number | null, changes: Partial<HttpExchange> = {}): HttpExchange => ({
  request: {
    method: 'GET',
    url: 'https://ric.test/A1-P/v2/policytypes',
    headers: [],
    body: { bytes: 0, text: '' },
  },
  delivered: true,
  response:
    status === null
      ? null
      : { status, reasonPhrase: '', httpVersion: '1.1', headers: [], body: { bytes: 2, text: '[]' } },
  failure: status === null ? { kind: 'reset', detail: 'closed' } : null,
  tls: null,
  times: { connectedMs: 1, secureMs: 2, sentMs: 3, firstByteMs: 4, endMs: 5 },
  ...changes,
});
const timedOut = anExchange(null, { failure: { kind: 'timeout', detail: 'no response within 2000 ms' } });
const refused = anExchange(null, { delivered: false, failure: { kind: 'refused', detail: 'ECONNREFUSED' } });

type Step = readonly [step: string, kind: string, data: unknown];
const http = (step: string, exchange: HttpExchange): Step => [step, 'http-exchange', exchange];

function judge(procedure: Procedure, steps: readonly Step[]): Record<string, string> {
  const observations = steps.map(([step, kind, data], n) => ({ n, t: n, step, kind, data: data as Json }));
  const unread = (): never => {
    throw new Error('a judge of this room reads no parameters');
  };
  const seen: Seen = {
    case: {} as Seen['case'],
    subjects: [anEquipment({ ics: { 'security.mutualTls': true } })],
    observations,
    number: unread,
    text: unread,
    flag: unread,
  };
  const { clauses } = procedure.judge(seen);
  expect(clauses.map(({ id }) => id)).toEqual(procedure.clauses);
  return Object.fromEntries(clauses.map(({ id, verdict }) => [id, verdict]));
}

const aScan = (changes: Partial<TlsScan> = {}): TlsScan => {
  const no = { accepted: false, suites: [], refusedBy: 'alert protocol_version' };
  return {
    versions: {
      SSLv3: no,
      'TLSv1.0': no,
      'TLSv1.1': no,
      'TLSv1.2': { accepted: true, suites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'], refusedBy: 'closed' },
      'TLSv1.3': { accepted: true, suites: ['TLS_AES_128_GCM_SHA256'], refusedBy: 'closed' },
    },
    groups: ['x25519'],
    smallestDhBits: null,
    compression: false,
    offers: 40,
    silences: 0,
    undelivered: 0,
    ...changes,
  };
};

describe.each([tlsProfile, certificateProfile, oauthChecks, apiInput])('$id', (procedure) => {
  it('proves nothing when nothing was seen', () => {
    expect(new Set(Object.values(judge(procedure, [])))).toEqual(new Set(['none']));
  });

  it('fails only "answered" when the first request stays without an answer', () => {
    const verdicts = judge(procedure, [http(procedure === oauthChecks ? 'token' : 'welcome', timedOut)]);
    const failed = Object.entries(verdicts)
      .filter(([, verdict]) => verdict === 'fail')
      .map(([id]) => id);
    expect(failed).toEqual(procedure === oauthChecks ? ['answered', 'token-issued'] : ['answered']);
  });
});

describe('the TLS case', () => {
  const scanned = (scan: TlsScan) =>
    judge(tlsProfile, [http('welcome', anExchange(200)), ['scan', 'tls-scan', scan]]);

  it('passes a scan that found only what the profile has', () => {
    expect(Object.values(scanned(aScan())).filter((verdict) => verdict === 'fail')).toEqual([]);
  });

  it('takes no refusal for proven when offers were lost on the way', () => {
    const verdicts = scanned(aScan({ undelivered: 1 }));
    expect(verdicts).toMatchObject({ 'no-old-versions': 'inconc', 'no-compression': 'inconc' });
  });

  it('names compression and short moduli', () => {
    expect(scanned(aScan({ compression: true, smallestDhBits: 1024 }))).toMatchObject({
      'no-compression': 'fail',
      'groups-in-profile': 'fail',
    });
  });

  it('fails an end point that speaks no TLS though it is claimed', () => {
    const plain = anExchange(200, {
      request: { ...anExchange(200).request, url: 'http://ric.test/A1-P/v2/policytypes' },
    });
    expect(judge(tlsProfile, [http('welcome', plain), http('cleartext-80', plain)])).toMatchObject({
      tls12: 'fail',
      tls13: 'fail',
      'no-cleartext': 'fail',
    });
  });

  it('does not take a port that was never reached for a refusal of a client', () => {
    const verdicts = judge(tlsProfile, [
      http('welcome', anExchange(200)),
      http('client-none-tls12', refused),
    ]);
    expect(verdicts).toMatchObject({ 'client-certificate-required': 'inconc' });
  });
});

describe('the certificate case', () => {
  const chain = (leaf: object, at: string) => [
    http('welcome', anExchange(200)),
    [
      'chain',
      'certificate-chain',
      {
        at: Date.parse(at),
        verifyError: null,
        anchored: true,
        chain: [
          {
            version: 3,
            notBefore: '2026-01-01T00:00:00.000Z',
            notAfter: '2027-01-01T00:00:00.000Z',
            keyUsage: { critical: true, usages: ['digitalSignature'] },
            subjectAltName: [{ type: 'dns', value: 'ric.test' }],
            crlDistributionPoints: 1,
            ...leaf,
          },
        ],
      },
    ] as const,
  ];
  it.each([
    ['2027-01-01T00:00:00.000Z', 'pass'],
    ['2027-01-01T00:00:01.000Z', 'fail'],
  ])('finds a life until %s to be %s', (notAfter, verdict) => {
    const verdicts = judge(certificateProfile, chain({ notAfter }, '2026-06-01T00:00:00Z'));
    expect(verdicts['validity-at-most-one-year']).toBe(verdict);
  });

  it.each(['2025-12-31T23:59:59Z', '2027-01-01T00:00:01Z'])('finds it not in force at %s', (at) => {
    expect(judge(certificateProfile, chain({}, at))['in-force']).toBe('fail');
  });

  it('wants keyUsage to be critical, and a name in the subjectAltName', () => {
    const leaf = {
      keyUsage: { critical: false, usages: ['digitalSignature'] },
      subjectAltName: [{ type: 'ip', value: '192.0.2.1' }],
    };
    expect(judge(certificateProfile, chain(leaf, '2026-06-01T00:00:00Z'))).toMatchObject({
      'key-usage-critical': 'fail',
      'subject-alt-name-fqdn': 'fail',
    });
  });

  it('believes no refusal where the good certificate of the same CA was refused too', () => {
    const verdicts = judge(certificateProfile, [
      http('welcome', anExchange(200)),
      http('client-good-tls12', anExchange(null)),
      http('client-expired-tls12', anExchange(null)),
    ]);
    expect(verdicts['expired-client-refused']).toBe('inconc');
  });
});

describe('evidence of an exchange', () => {
  it('has neither tokens nor secrets in it', () => {
    const exchange = anExchange(200);
    const secret = withoutSecrets({
      ...exchange,
      request: { ...exchange.request, headers: [['Authorization', 'Bearer eyJ.abc.def']] },
      response: {
        ...exchange.response!,
        body: { bytes: 40, text: '{"access_token":"eyJ.abc.def","scope":"a"}' },
      },
    });
    expect(JSON.stringify(secret)).not.toContain('eyJ');
    expect(JSON.stringify(secret)).toContain('Bearer [redacted]');
  });
});
