import type { Json } from '../../../src/kernel/json.ts';
import { E2_PORT } from '../../interfaces/e2/port.ts';
import { smallRan } from '../ran-model/small-ran.ts';
import { startWithConfig, testerUdp } from '../program.ts';
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
  const started = await startWithConfig({ name: 'e2-node', config, dir }, { signal });
  const { host, transport } = wanted;
  return {
    ...started,
    interfaces: {
      e2: {
        specification: { document: 'O-RAN.WG3.E2AP', version: 'v03.00' },
        endpoint: { host, port: E2_PORT, transport, ...(await testerUdp(transport)) },
      },
    },
    ics: { 'e2.kpm': wanted.kpm, 'e2.rc': CONTROLS_OF[wanted.kind] },
    ixit: {
      'e2.prepare': { url: started.hook },
      ...ixitOf(wanted),
    },
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
