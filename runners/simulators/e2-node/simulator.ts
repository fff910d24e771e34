import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndPoint } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { E2_PORT } from '../../interfaces/e2/port.ts';
import { startProgram } from '../../sandbox/program.ts';
import { smallRan } from '../ran-model/small-ran.ts';
import { freeUdpPort } from '../free-port.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import type { E2NodeConfig } from './config.ts';
import { E2_NODE_DEFECTS } from './defects.ts';
import { CONTROLS_OF } from './presentation.ts';
import { type E2NodeSettings, E2_NODE_KINDS, readSettings } from './settings.ts';

/** An E2 node: gNB, O-CU-CP or O-DU, with KPM and RC over cells and UEs that live; it connects when its prepare hook orders it. */
export const E2_NODE: Simulator = {
  name: 'e2-node',
  role: 'gnb',
  alsoRoles: E2_NODE_KINDS.filter((kind) => kind !== 'gnb'),
  version: '0.1.0',
  defects: E2_NODE_DEFECTS,
  ics: {
    'e2.e2ap': 'v3.00',
    'e2.kpm': 'v3.00',
    'e2.rc': true,
    'e2.subscriptionModification': true,
    'e2.query': true,
    'e2.tnlInformation': true,
  },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const config: E2NodeConfig = { defects, settings: wanted };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, 'e2-node.json');
  await writeFile(configPath, configuration);
  const program = await startProgram(
    { module: 'runners/simulators/e2-node/main', args: [configPath], cwd: dir },
    { signal },
  );
  return {
    interfaces: {
      e2: {
        specification: { document: 'O-RAN.WG3.E2AP', version: 'v03.00' },
        endpoint: await endPointFor(wanted),
      },
    },
    ics: { 'e2.kpm': wanted.kpm, 'e2.rc': CONTROLS_OF[wanted.kind] },
    ixit: {
      'e2.prepare': { url: `http://127.0.0.1:${controlPortOf(program.ready)}/` },
      ...ixitOf(wanted),
    },
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** In UDP the tester gets a port that is free now: several of them may run at once. */
async function endPointFor({ host, transport }: E2NodeSettings): Promise<EndPoint> {
  const isInUdp = !transport.endsWith('raw') && !transport.endsWith('kernel');
  return {
    ...{ host, port: E2_PORT, transport },
    ...(isInUdp ? { udpEncapsulation: { local: await freeUdpPort('127.0.0.1') } } : {}),
  };
}

/** What a tester has to know of the cells and UEs: the first UEs are always connected, and the last cell is not theirs. */
function ixitOf({ plmn, gnb, cells, uesPerCell, seed }: E2NodeSettings): Readonly<Record<string, Json>> {
  const model = smallRan({ seed, plmn, gnb, cells, uesPerCell });
  const [first] = model.ues;
  const target = model.cells.at(-1)?.cell;
  return {
    plmn,
    'e2.ues': model.ues.filter(({ connectedShare }) => connectedShare === 1).map(({ ue }) => ue),
    ...(first === undefined ? {} : { 'e2.slice': { ...first.slice } }),
    ...(target === undefined ? {} : { 'e2.targetCell': { plmn: target.plmn, id: target.id } }),
  };
}

function controlPortOf(ready: Json): number {
  const port = isJsonObject(ready) ? ready['controlPort'] : undefined;
  if (typeof port !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the E2 node simulator did not name its port');
  return port;
}
