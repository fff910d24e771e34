import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EquipmentInterface, TlsMaterial } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { makeTestPki } from '../../interfaces/tls/test-pki.ts';
import { startProgram } from '../../sandbox/program.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { readSettings, type RicConfig, type RicSettings } from './config.ts';
import { A1_DEFECTS } from './defects.ts';
import { POLICY_BODIES, POLICY_TYPES } from './policy-types.ts';

/** A near-RT RIC on A1: an A1-P producer with two policy types, over HTTP or HTTPS. */
export const NEAR_RT_RIC: Simulator = {
  name: 'near-rt-ric',
  role: 'near-rt-ric',
  version: '0.1.0',
  defects: Object.fromEntries(Object.entries(A1_DEFECTS).map(([name, { says }]) => [name, says])),
  ics: { 'a1.policyTypes': [...POLICY_TYPES.keys()], 'a1.statusNotification': true },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const { tls, material } = wanted.tls ? await makeTls(wanted, dir) : { tls: null, material: undefined };
  const config: RicConfig = { defects, basePath: wanted.basePath, slowMs: wanted.slowMs, tls };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, 'near-rt-ric.json');
  await writeFile(configPath, configuration);
  const program = await startProgram(
    { module: 'runners/simulators/near-rt-ric/main', args: [configPath], cwd: dir },
    { signal },
  );
  const { port, controlPort } = portsOf(program.ready);
  const a1: EquipmentInterface = {
    specification: { document: 'O-RAN.WG2.A1AP', version: 'v04.00' },
    endpoint: { url: `${wanted.tls ? 'https' : 'http'}://127.0.0.1:${port}`, basePath: wanted.basePath },
    ...(material === undefined ? {} : { tls: material }),
  };
  return {
    interfaces: { a1 },
    ixit: {
      'a1.policies': POLICY_BODIES,
      'a1.prepare': { url: `http://127.0.0.1:${controlPort}/` },
      'a1.notifiesOnCreate': true,
    },
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

async function makeTls(
  { mutualTls }: RicSettings,
  dir: string,
): Promise<{ tls: RicConfig['tls']; material: TlsMaterial }> {
  const pki = await makeTestPki({ now: Date.now() });
  const path = (name: string): string => join(dir, name);
  await Promise.all([
    writeFile(path('ca.pem'), pki.ca),
    writeFile(path('server.pem'), pki.server.certificate),
    writeFile(path('server.key'), pki.server.key, { mode: 0o600 }),
    writeFile(path('client.key'), pki.client.key, { mode: 0o600 }),
  ]);
  return {
    tls: {
      certificate: path('server.pem'),
      key: path('server.key'),
      ...(mutualTls ? { clientCa: path('ca.pem') } : {}),
    },
    material: {
      serverCa: { path: path('ca.pem'), text: pki.ca },
      clientCertificate: { path: path('client.pem'), text: pki.client.certificate },
      clientKey: { file: path('client.key') },
    },
  };
}

function portsOf(ready: Json): { port: number; controlPort: number } {
  const { port, controlPort } = isJsonObject(ready) ? ready : {};
  if (typeof port !== 'number' || typeof controlPort !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the near-RT RIC simulator did not name its ports');
  return { port, controlPort };
}
