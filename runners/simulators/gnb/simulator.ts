import type { Json } from '../../../src/kernel/json.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import { homeKeysForTester, writeHomeKeys } from '../home-keys.ts';
import { startWithConfig, testerUdp } from '../program.ts';
import { behindGateway, PROTECTED } from '../security-gateway/for-product.ts';
import { SEGMENT_DEFECTS } from '../security-gateway/segment-defects.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { writeSubscribers } from '../subscribers.ts';
import { type GnbConfig, readSettings } from './config.ts';
import { GNB_DEFECTS } from './defects.ts';
import { cellOf } from './settings.ts';

const DEFECTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(GNB_DEFECTS).map(([name, { says }]) => [name, says])),
  ...SEGMENT_DEFECTS,
};

/** A gNB with UEs in its cell; it connects, and its UEs come, when its prepare hook orders it. */
export const GNB: Simulator = aGnb('gnb', {});

/** The same beside it, in another tracking area: of a pair, the one that is not the first. */
export const GNB_SECOND: Simulator = aGnb('gnb-second', { id: 2, tac: 2 });

type Defaults = Readonly<Record<string, Json>>;

function aGnb(name: string, defaults: Defaults): Simulator {
  return {
    ...{ name, role: 'gnb', version: '0.1.0' },
    defects: DEFECTS,
    ics: { ...PROTECTED, 'ng.handover': true, 'ng.statusTransfer': true },
    start: (request, options) => start({ ...request, name, defaults }, options),
  };
}

async function start(
  { defects, settings, dir, name, defaults }: SimulatorStart & { name: string; defaults: Defaults },
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings({ ...defaults, ...settings });
  const { ues: count, publicKeys: arePublic } = wanted;
  const subscribers = await writeSubscribers(dir, { plmn: wanted.plmn, count, arePublic });
  // An AMF of another simulator, that has keys which everybody knows, knows none of these.
  const homeKeys = arePublic ? [] : await writeHomeKeys(dir);
  const config: GnbConfig = { settings: wanted, defects, subscribers, homeKeys };
  const started = await startWithConfig({ name, folder: 'gnb', config, dir }, { signal });
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
      'ng.cell': cellOf(wanted).id,
      'ng.slices': slices.map(({ sst, sd }) => ({
        sst,
        ...(sd === undefined ? {} : { sd: sd.toString(16).padStart(6, '0') }),
      })),
      'ng.subscribers': subscribers.map(({ imsi, file }) => ({ imsi, keys: { file } })),
      'ng.homeNetworkKeys': homeKeysForTester(homeKeys, 'ues'),
    },
  };
}
