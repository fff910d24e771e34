import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderProblem } from '../../../src/documents/problem.ts';
import type { TestbedId } from '../../../src/domain/ids.ts';
import { equipmentDocument, parseEquipment, readEquipment } from '../../../src/inventory/equipment.ts';
import { refuseFiles } from '../../../src/inventory/inline.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n';
const FULL = `apiVersion: patchbay/v1
kind: Equipment
id: acme-ric-1
organisation: acme
role: near-rt-ric
product: {name: Acme RIC, serial: "0001"}
versions: {software: "2.3.1"}
interfaces:
  a1:
    endpoint: {url: "https://192.0.2.10:8443", basePath: /A1-P/v2}
    tls: {serverCa: ./ca.pem, clientCertificate: ./ca.pem, clientKey: {file: ./lab.key}}
ics: {a1.policyTypes: [ORAN_QoSTarget_2.0.0], a1.statusNotification: true}
ixit:
  plmn: "00101"
  a1.policies: {ORAN_QoSTarget_2.0.0: {valid: ./ok.json, invalid: {path: x.json, text: "{}"}}}
  tls.testCa: {certificate: ./ca.pem, key: {file: ./ca.key}}
auth: {issuer: "https://issuer.invalid", clients: {full: {id: a, secret: {env: ACME_SECRET}}}}
location: {testbed: north-1}
`;
const MINIMAL = FULL.split('ics:')[0] ?? '';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'equipment-'));
  await writeFile(join(dir, 'ca.pem'), CERTIFICATE);
  await writeFile(join(dir, 'key.pem'), CERTIFICATE + KEY);
  await writeFile(join(dir, 'ok.json'), '{"qosObjectives": {}}');
  await writeFile(join(dir, 'bad.json'), '{');
  await writeFile(join(dir, 'latin1.pem'), Buffer.from([0x61, 0x0a, 0x62, 0xe9]));
});
afterAll(() => rm(dir, { recursive: true }));

async function read(text: string, testbeds?: readonly string[]) {
  const path = join(dir, 'equipment.yaml');
  await writeFile(path, text);
  return readEquipment(path, testbeds === undefined ? {} : { testbeds: testbeds as TestbedId[] });
}

async function problemsOf(text: string, testbeds?: readonly string[]): Promise<readonly string[]> {
  const result = await read(text, testbeds);
  return result.ok ? [] : result.error.map((problem) => renderProblem(problem).replace(`${dir}/`, ''));
}

describe('an equipment file', () => {
  it('comes out resolved: qualified, inlined, secrets by absolute path', async () => {
    const result = await read(FULL, ['lab-north/north-1']);
    expect(result).toMatchObject({
      ok: true,
      value: {
        equipment: {
          id: 'acme/acme-ric-1',
          location: { testbed: 'lab-north/north-1' },
          interfaces: {
            a1: {
              tls: {
                serverCa: { path: './ca.pem', text: CERTIFICATE },
                clientKey: { file: join(dir, 'lab.key') },
              },
            },
          },
          ixit: {
            'a1.policies': {
              'ORAN_QoSTarget_2.0.0': {
                valid: { path: './ok.json', text: '{"qosObjectives": {}}' },
                invalid: { path: 'x.json', text: '{}' },
              },
            },
            'tls.testCa': { certificate: { text: CERTIFICATE }, key: { file: join(dir, 'ca.key') } },
          },
          auth: { clients: { full: { id: 'a', secret: { env: 'ACME_SECRET' } } } },
        },
      },
    });
  });

  it('reads back what it sends on, without a file to look for', async () => {
    const first = await read(FULL, ['lab-north/north-1']);
    if (!first.ok) throw new Error('the equipment of this test is wrong');
    const text = JSON.stringify(equipmentDocument(first.value.equipment));
    const again = await parseEquipment({ path: 'request.json', text }, { readText: refuseFiles });
    expect(again.ok && again.value.equipment).toEqual(first.value.equipment);
  });

  it('may not refer to files from afar', async () => {
    const result = await parseEquipment({ path: 'request.yaml', text: MINIMAL }, { readText: refuseFiles });
    expect(result.ok ? [] : result.error.map(({ path }) => path)).toEqual([
      'interfaces.a1.tls.serverCa',
      'interfaces.a1.tls.clientCertificate',
    ]);
  });

  it.each<[string, (text: string) => string, string]>([
    [
      'an id of another organisation',
      (text) => text.replace('id: acme-ric-1', 'id: other/ric'),
      '3:5: id: is not of the organisation "acme"',
    ],
    [
      'a file that is not there',
      (text) => text.replace('serverCa: ./ca.pem', 'serverCa: ./no.pem'),
      '11:21: interfaces.a1.tls.serverCa: ./no.pem: no such file',
    ],
    [
      'a file that is a folder',
      (text) => text.replace('serverCa: ./ca.pem', 'serverCa: ./'),
      '11:21: interfaces.a1.tls.serverCa: ./: not a file',
    ],
    [
      'a file that is no text',
      (text) => text.replace('serverCa: ./ca.pem', 'serverCa: ./latin1.pem'),
      '11:21: interfaces.a1.tls.serverCa: ./latin1.pem: this is not UTF-8 text',
    ],
    [
      'no certificate',
      (text) => text.replace('serverCa: ./ca.pem', 'serverCa: ./ok.json'),
      '11:21: interfaces.a1.tls.serverCa: ./ok.json holds no PEM certificate',
    ],
    [
      'a private key',
      (text) => text.replace('serverCa: ./ca.pem', 'serverCa: ./key.pem'),
      '11:21: interfaces.a1.tls.serverCa: ./key.pem holds a private key: refer to it as {file: ./key.pem} where a secret is asked for',
    ],
    [
      'a body that is no JSON',
      (text) => text.replace('./ok.json', './bad.json'),
      '15:47: ixit["a1.policies"]["ORAN_QoSTarget_2.0.0"].valid: ./bad.json is not JSON',
    ],
    [
      'a secret in the open',
      (text) => text.replace('{env: ACME_SECRET}', 'hunter2'),
      '17:74: auth.clients.full.secret: must be exactly one of file and env: a secret is never written into a document',
    ],
    [
      'half a key pair',
      (text) => text.replace(', clientKey: {file: ./lab.key}', ''),
      '11:10: interfaces.a1.tls: clientCertificate and clientKey belong together',
    ],
    [
      'a password in a URL',
      (text) => text.replace('https://192', 'https://u:p@192'),
      '10:21: interfaces.a1.endpoint.url: must not hold a user name or password: secrets are given by reference',
    ],
    [
      'a PLMN that YAML took for a number',
      (text) => text.replace('plmn: "00101"', 'plmn: 00101'),
      '14:9: ixit.plmn: must be 5 or 6 digits in quotes, such as "00101"',
    ],
    [
      'an end point of a simulator',
      (text) => `${text}simulator: {name: near-rt-ric}\n`,
      '8:1: interfaces: a simulator brings its own end points',
    ],
    [
      'a testbed nobody knows',
      (text) => text.replace('north-1', 'north-9'),
      '18:21: location.testbed: no testbed is called "north-9"',
    ],
    [
      'a misspelt field',
      (text) => text.replace('basePath', 'basepath'),
      '10:48: interfaces.a1.endpoint.basepath: unknown field, did you mean "basePath"?',
    ],
  ])('refuses %s', async (_, change, expected) => {
    expect(await problemsOf(change(FULL), ['lab-north/north-1'])).toEqual([`equipment.yaml:${expected}`]);
  });

  it('says where a file stops being text', async () => {
    await writeFile(join(dir, 'binary.yaml'), Buffer.from([0x61, 0x0a, 0x62, 0xe9]));
    const result = await readEquipment(join(dir, 'binary.yaml'));
    expect(result).toMatchObject({
      ok: false,
      error: [{ line: 2, column: 2, what: 'this is not UTF-8 text' }],
    });
  });

  it('does not read a file without end', async () => {
    expect(await readEquipment('/dev/zero')).toMatchObject({ ok: false, error: [{ what: 'not a file' }] });
  });
});
