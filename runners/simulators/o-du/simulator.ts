import { F1AP_PORT } from '../../interfaces/f1ap/codec.ts';
import { dialling, startWithConfig } from '../program.ts';
import { behindGateway, PROTECTED } from '../security-gateway/for-product.ts';
import { SEGMENT_DEFECTS } from '../security-gateway/segment-defects.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { writeSubscribers } from '../subscribers.ts';
import { type DuConfig, readSettings } from './config.ts';
import { O_DU_DEFECTS } from './defects.ts';

/** An O-DU with one cell and UEs in it: F1-C towards a gNB-CU to which it goes when its hook orders it, and F1-U. */
export const O_DU: Simulator = {
  name: 'o-du',
  role: 'o-du',
  version: '0.1.0',
  defects: { ...O_DU_DEFECTS, ...SEGMENT_DEFECTS },
  ics: { ...PROTECTED, 'f1.duUpdate': true },
  start,
};

/** As many of its UEs a core is told of. */
const UES = 4;

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const config: DuConfig = { ...wanted, defects };
  const started = await startWithConfig({ name: 'o-du', config, dir }, { signal });
  const { host, transport, plmn, tac, sst, dnn, keysFile } = wanted;
  const subscribers = await writeSubscribers(dir, { plmn, count: UES, arePublic: true });
  const { ics, ixit } = behindGateway(started.ready, ['f1']);
  return {
    ...{ ...started, ics },
    interfaces: {
      f1: {
        specification: { document: '3GPP TS 38.473', version: 'v18' },
        endpoint: await dialling({ host, transport, testerPort: F1AP_PORT }),
      },
    },
    ixit: {
      ...ixit,
      ...{ plmn, tac, slices: [{ sst }] },
      ...{ 'ng.tac': tac, 'ng.slices': [{ sst }], 'ng.dnn': dnn },
      'ng.subscribers': subscribers.map(({ imsi, file }) => ({ imsi, keys: { file: keysFile ?? file } })),
      'f1.prepare': { url: started.hook },
      'ue.prepare': { url: started.hook },
    },
  };
}
