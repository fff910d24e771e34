import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { startProgram } from '../../sandbox/program.ts';
import { freeUdpPort } from '../free-port.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { writeSubscribers } from '../subscribers.ts';
import { type AmfConfig, type AmfSimulatorSettings, readSettings } from './config.ts';
import { AMF_DEFECTS } from './defects.ts';

/** Any address answers. */
const PING_TARGET = '10.45.0.1';

/** An AMF with subscribers, and what stands in for the rest of a core: it registers UEs and gives them sessions that answer pings. */
export const AMF: Simulator = {
  name: 'amf',
  role: 'amf',
  version: '0.1.0',
  defects: Object.fromEntries(Object.entries(AMF_DEFECTS).map(([name, { says }]) => [name, says])),
  ics: { 'ng.handover': true, 'ng.pathSwitch': true, 'ng.algorithms': ['NEA0', 'NEA1', 'NEA2', 'NEA3'] },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const inUdp = wanted.transport === 'ts-udp' || wanted.transport === 'usrsctp';
  const udpPort = inUdp && wanted.udpPort === 0 ? await freeUdpPort(wanted.host) : wanted.udpPort;
  const subscribers = await writeSubscribers(dir, { plmn: wanted.plmn, count: wanted.subscribers });
  const config: AmfConfig = { settings: { ...wanted, udpPort }, defects, subscribers };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, 'amf.json');
  await writeFile(configPath, configuration);
  const module = 'runners/simulators/amf/main';
  const program = await startProgram({ module, args: [configPath], cwd: dir }, { signal });
  const controlPort = isJsonObject(program.ready) ? program.ready['controlPort'] : undefined;
  if (typeof controlPort !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the AMF simulator did not name its ports');
  const { host, port, transport } = wanted;
  const udp = inUdp ? { udpEncapsulation: { remote: udpPort } } : {};
  return {
    interfaces: {
      ng: {
        specification: { document: '3GPP TS 38.413', version: '18.3.0' },
        endpoint: { host, port, transport, ...udp },
      },
    },
    ixit: {
      'ng.prepare': { url: `http://127.0.0.1:${controlPort}/` },
      ...knownToTester(wanted),
      'ng.subscribers': subscribers.map(({ imsi, file }) => ({ imsi, keys: { file } })),
    },
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

function knownToTester({
  plmn,
  tacs,
  slices,
  dnn,
  maxAssociations,
}: AmfSimulatorSettings): RunningSimulator['ixit'] {
  return {
    plmn,
    'ng.tac': tacs[0] ?? 0,
    'ng.slices': slices.map(({ sst, sd }) => ({
      sst,
      ...(sd === undefined ? {} : { sd: sd.toString(16).padStart(6, '0') }),
    })),
    'ng.dnn': dnn,
    'ng.maxAssociations': maxAssociations,
    'ng.pingTarget': PING_TARGET,
  };
}
