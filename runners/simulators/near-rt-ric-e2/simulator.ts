import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EquipmentInterface } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { startProgram } from '../../sandbox/program.ts';
import { freeUdpPort } from '../free-port.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { type E2RicConfig, type E2RicSettings, readSettings } from './config.ts';
import { E2_RIC_DEFECTS } from './defects.ts';

/** A near-RT RIC on E2, with an application that subscribes, controls and queries as it is told. */
export const NEAR_RT_RIC_E2: Simulator = {
  name: 'near-rt-ric-e2',
  role: 'near-rt-ric',
  version: '0.1.0',
  defects: Object.fromEntries(Object.entries(E2_RIC_DEFECTS).map(([name, { says }]) => [name, says])),
  ics: {
    'e2.e2ap': 'v3.00',
    'e2.kpm': 'v3.00',
    'e2.rc': 'v1.03',
    'e2.query': true,
    'e2.connectionUpdate': true,
    'e2.validatesIndications': true,
    'e2.limitsIndicationRate': true,
    'e2.xappValidation': true,
  },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const inUdp = wanted.transport === 'ts-udp' || wanted.transport === 'usrsctp';
  const udpPort = inUdp && wanted.udpPort === 0 ? await freeUdpPort(wanted.host) : wanted.udpPort;
  const config: E2RicConfig = { ...wanted, udpPort, defects };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, 'near-rt-ric-e2.json');
  await writeFile(configPath, configuration);
  const module = 'runners/simulators/near-rt-ric-e2/main';
  const program = await startProgram({ module, args: [configPath], cwd: dir }, { signal });
  const controlPort = isJsonObject(program.ready) ? program.ready['controlPort'] : undefined;
  if (typeof controlPort !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the near-RT RIC simulator for E2 did not name its ports');
  return {
    interfaces: { e2: endPointOf(wanted, inUdp ? udpPort : null) },
    ixit: {
      'e2.prepare': { url: `http://127.0.0.1:${controlPort}/` },
      'e2.maxAssociations': wanted.maxAssociations,
      'e2.maxIndicationsPerS': wanted.maxIndicationsPerS,
    },
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

function endPointOf({ host, port, transport }: E2RicSettings, udpPort: number | null): EquipmentInterface {
  return {
    specification: { document: 'O-RAN.WG3.E2AP', version: 'v03.00' },
    endpoint: {
      host,
      port,
      transport,
      ...(udpPort === null ? {} : { udpEncapsulation: { remote: udpPort } }),
    },
  };
}
