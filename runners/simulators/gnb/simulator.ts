import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndPoint } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import { startProgram } from '../../sandbox/program.ts';
import { freeUdpPort } from '../free-port.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { writeSubscribers } from '../subscribers.ts';
import { type GnbConfig, type GnbSimulatorSettings, readSettings } from './config.ts';
import { GNB_DEFECTS } from './defects.ts';

/** A gNB with UEs in its cell; it connects, and its UEs come, when its prepare hook orders it. */
export const GNB: Simulator = {
  name: 'gnb',
  role: 'gnb',
  version: '0.1.0',
  defects: Object.fromEntries(Object.entries(GNB_DEFECTS).map(([name, { says }]) => [name, says])),
  ics: {},
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const subscribers = await writeSubscribers(dir, { plmn: wanted.plmn, count: wanted.ues });
  const config: GnbConfig = { settings: wanted, defects, subscribers };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, 'gnb.json');
  await writeFile(configPath, configuration);
  const module = 'runners/simulators/gnb/main';
  const program = await startProgram({ module, args: [configPath], cwd: dir }, { signal });
  const controlPort = isJsonObject(program.ready) ? program.ready['controlPort'] : undefined;
  if (typeof controlPort !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the gNB simulator did not name its port');
  const { plmn, tac, slices, dnn } = wanted;
  return {
    interfaces: {
      ng: {
        specification: { document: '3GPP TS 38.413', version: '18.3.0' },
        endpoint: await endPointFor(wanted),
      },
    },
    ixit: {
      'ng.prepare': { url: `http://127.0.0.1:${controlPort}/` },
      ...{ plmn, 'ng.tac': tac, 'ng.dnn': dnn },
      'ng.slices': slices.map(({ sst, sd }) => ({
        sst,
        ...(sd === undefined ? {} : { sd: sd.toString(16).padStart(6, '0') }),
      })),
      'ng.subscribers': subscribers.map(({ imsi, file }) => ({ imsi, keys: { file } })),
    },
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** In UDP the tester gets a port that is free now: several of them may run at once. */
async function endPointFor({ host, transport }: GnbSimulatorSettings): Promise<EndPoint> {
  const isInUdp = !transport.endsWith('raw') && !transport.endsWith('kernel');
  return {
    ...{ host, port: NGAP_PORT, transport },
    ...(isInUdp ? { udpEncapsulation: { local: await freeUdpPort('127.0.0.1') } } : {}),
  };
}
