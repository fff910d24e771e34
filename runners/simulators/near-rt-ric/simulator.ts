import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EquipmentInterface } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { startProgram } from '../../sandbox/program.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { readSettings, type RicConfig } from './config.ts';
import { A1_DEFECTS } from './defects.ts';
import { makeOauth, makeTls } from './secure.ts';
import { SECURITY_DEFECTS } from './security-defects.ts';
import { POLICY_BODIES, POLICY_TYPES } from './policy-types.ts';

/** A near-RT RIC on A1: an A1-P producer with two policy types, over HTTP or HTTPS. */
export const NEAR_RT_RIC: Simulator = {
  name: 'near-rt-ric',
  role: 'near-rt-ric',
  version: '0.1.0',
  defects: {
    ...Object.fromEntries(Object.entries(A1_DEFECTS).map(([name, { says }]) => [name, says])),
    ...SECURITY_DEFECTS,
  },
  ics: { 'a1.policyTypes': [...POLICY_TYPES.keys()], 'a1.statusNotification': true },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const making = { settings: wanted, defects, dir };
  const tls = wanted.tls ? await makeTls(making) : undefined;
  const oauth = wanted.oauth ? await makeOauth(making) : undefined;
  const config: RicConfig = {
    defects,
    basePath: wanted.basePath,
    slowMs: wanted.slowMs,
    tls: tls?.config ?? null,
    oauth: oauth?.config ?? null,
  };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, 'near-rt-ric.json');
  await writeFile(configPath, configuration);
  const program = await startProgram(
    { module: 'runners/simulators/near-rt-ric/main', args: [configPath], cwd: dir },
    { signal },
  );
  const { port, controlPort, tokenPort, cleartextPort } = portsOf(program.ready);
  const scheme = wanted.tls ? 'https' : 'http';
  const a1: EquipmentInterface = {
    specification: { document: 'O-RAN.WG2.A1AP', version: 'v04.00' },
    endpoint: { url: `${scheme}://127.0.0.1:${port}`, basePath: wanted.basePath },
    ...(tls === undefined ? {} : { tls: tls.material }),
  };
  return {
    interfaces: { a1 },
    ixit: {
      'a1.policies': POLICY_BODIES,
      'a1.prepare': { url: `http://127.0.0.1:${controlPort}/` },
      'a1.notifiesOnCreate': true,
      'security.openPorts': [port, ...(cleartextPort === undefined ? [] : [cleartextPort])],
      ...tls?.ixit,
      ...oauth?.ixit,
    },
    ...(oauth === undefined ? {} : { auth: oauth.auth(`${scheme}://127.0.0.1:${tokenPort ?? 0}/token`) }),
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

interface Ports {
  readonly port: number;
  readonly controlPort: number;
  readonly tokenPort?: number;
  readonly cleartextPort?: number;
}

function portsOf(ready: Json): Ports {
  const { port, controlPort, tokenPort, cleartextPort } = isJsonObject(ready) ? ready : {};
  if (typeof port !== 'number' || typeof controlPort !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the near-RT RIC simulator did not name its ports');
  return {
    port,
    controlPort,
    ...(typeof tokenPort === 'number' ? { tokenPort } : {}),
    ...(typeof cleartextPort === 'number' ? { cleartextPort } : {}),
  };
}
