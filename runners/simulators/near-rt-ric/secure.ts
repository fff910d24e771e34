import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EquipmentAuth, TlsMaterial } from '../../../src/domain/equipment.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { exportSigningKey, makeSigningKey } from '../../interfaces/oauth/signing-key.ts';
import type { KeyPair } from '../../interfaces/tls/authority.ts';
import {
  issueServer,
  makeTestAuthority,
  makeTestPki,
  type ServerProfile,
} from '../../interfaces/tls/test-pki.ts';
import type { RicSettings } from './config.ts';
import { type OauthConfig, READ_SCOPE, WRITE_SCOPE } from './gate.ts';
import type { ListenerConfig } from './listener.ts';
import { defective } from './security-defects.ts';

/** What secured modes need: files for the process, and what a tester is told. */
export interface SecureMaterial<Config> {
  readonly config: Config;
  readonly ixit: Readonly<Record<string, Json>>;
}

export interface Making {
  readonly settings: RicSettings;
  readonly defects: readonly string[];
  /** Where the files go. */
  readonly dir: string;
}

const TWO_YEARS_MS = 2 * 365 * 86_400_000;
const DAY_MS = 86_400_000;

/** A PKI of its own: server certificate, a welcome client, and the CA with its key, so that bad clients can be made. */
export async function makeTls({
  settings,
  defects,
  dir,
}: Making): Promise<SecureMaterial<ListenerConfig['tls']> & { readonly material: TlsMaterial }> {
  const now = Date.now();
  const pki = await makeTestPki({ now });
  const server = await serverPair(pki, { defects, now });
  const save = saver(dir);
  const [certificate, key, clientKey, clientCa, testCaKey] = await Promise.all([
    save('server.pem', server.certificate),
    save('server.key', server.key),
    save('client.key', pki.client.key),
    save('ca.pem', pki.ca),
    save('ca.key', await pki.authority.exportKey()),
  ]);
  const serverCa = { path: clientCa, text: pki.ca };
  if (!settings.mutualTls) return { config: { certificate, key }, material: { serverCa }, ixit: {} };
  const clientCertificate = { path: join(dir, 'client.pem'), text: pki.client.certificate };
  return {
    config: { certificate, key, clientCa },
    material: { serverCa, clientCertificate, clientKey: { file: clientKey } },
    ixit: { 'tls.testCa': { certificate: pki.ca, key: { file: testCaKey } } },
  };
}

async function serverPair(
  { authority, server }: Awaited<ReturnType<typeof makeTestPki>>,
  { defects, now }: { defects: readonly string[]; now: number },
): Promise<KeyPair> {
  const has = defective({ defects });
  const profile: ServerProfile = {
    ...(has('expired-certificate') ? { lifeMs: -DAY_MS } : {}),
    ...(has('long-lived-certificate') ? { lifeMs: TWO_YEARS_MS } : {}),
    ...(has('no-key-usage') ? { keyUsage: false } : {}),
    ...(has('no-crl-dp') ? { crlUrl: null } : {}),
    ...(has('no-san') ? { dnsNames: [], ipAddresses: [] } : {}),
  };
  if (has('foreign-chain'))
    return issueServer(await makeTestAuthority({ now, commonName: 'Foreign CA' }), { now });
  return Object.keys(profile).length === 0 ? server : issueServer(authority, { now, ...profile });
}

/** Two clients of an issuer of its own: one for everything, one for reading. */
export async function makeOauth({
  dir,
}: Making): Promise<SecureMaterial<OauthConfig> & { readonly auth: (tokenUrl: string) => EquipmentAuth }> {
  const save = saver(dir);
  const signing = makeSigningKey('simulator-1');
  const key = await save('issuer.key', exportSigningKey(signing));
  const client = async (id: string, scopes: readonly string[]) => ({
    id,
    scopes,
    secret: await save(`${id}.secret`, randomBytes(24).toString('base64url')),
  });
  const full = await client('full', [READ_SCOPE, WRITE_SCOPE]);
  const readonly = await client('readonly', [READ_SCOPE]);
  const issuer = 'https://issuer.near-rt-ric.test';
  const audience = 'near-rt-ric';
  const told = ({ id, scopes, secret }: typeof full) => ({ id, scopes, secret: { file: secret } });
  return {
    config: { issuer, audience, kid: signing.kid, key, clients: [full, readonly] },
    ixit: { 'oauth.signingKey': { kid: signing.kid, key: { file: key } } },
    auth: (tokenUrl) => ({
      issuer,
      audience,
      tokenUrl,
      clients: { full: told(full), readonly: told(readonly) },
    }),
  };
}

/** Writes a file that only its owner reads, and gives its path. */
function saver(dir: string): (name: string, text: string) => Promise<string> {
  return async (name, text) => {
    const path = join(dir, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
}
