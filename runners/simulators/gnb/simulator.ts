import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import { homeKeysForTester, writeHomeKeys } from '../home-keys.ts';
import { startWithConfig, testerUdp } from '../program.ts';
import { behindGateway, PROTECTED } from '../security-gateway/for-product.ts';
import { SEGMENT_DEFECTS } from '../security-gateway/segment-defects.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { writeSubscribers } from '../subscribers.ts';
import { type GnbConfig, readSettings } from './config.ts';
import { GNB_DEFECTS } from './defects.ts';

/** A gNB with UEs in its cell; it connects, and its UEs come, when its prepare hook orders it. */
export const GNB: Simulator = {
  name: 'gnb',
  role: 'gnb',
  version: '0.1.0',
  defects: {
    ...Object.fromEntries(Object.entries(GNB_DEFECTS).map(([name, { says }]) => [name, says])),
    ...SEGMENT_DEFECTS,
  },
  ics: { ...PROTECTED, 'ng.handover': true, 'ng.statusTransfer': true },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const { ues: count, publicKeys: arePublic } = wanted;
  const subscribers = await writeSubscribers(dir, { plmn: wanted.plmn, count, arePublic });
  // An AMF of another simulator, that has keys which everybody knows, knows none of these.
  const homeKeys = arePublic ? [] : await writeHomeKeys(dir);
  const config: GnbConfig = { settings: wanted, defects, subscribers, homeKeys };
  const started = await startWithConfig({ name: 'gnb', config, dir }, { signal });
  const { host, transport, plmn, tac, slices, dnn } = wanted;
  const { ics, ixit } = behindGateway(started.ready, ['ng']);
  return {
    ...{ ...started, ics },
    interfaces: {
      ng: {
        specification: { document: '3GPP TS 38.413', version: '18.3.0' },
        endpoint: { host, port: NGAP_PORT, transport, ...(await testerUdp(transport)) },
      },
    },
    ixit: {
      ...ixit,
      'ng.prepare': { url: started.hook },
      ...{ plmn, 'ng.tac': tac, 'ng.dnn': dnn },
      'ng.slices': slices.map(({ sst, sd }) => ({
        sst,
        ...(sd === undefined ? {} : { sd: sd.toString(16).padStart(6, '0') }),
      })),
      'ng.subscribers': subscribers.map(({ imsi, file }) => ({ imsi, keys: { file } })),
      'ng.homeNetworkKeys': homeKeysForTester(homeKeys, 'ues'),
    },
  };
}
