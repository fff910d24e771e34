import { homeKeysForTester, writeHomeKeys } from '../home-keys.ts';
import { listening, startWithConfig, udpPortFor } from '../program.ts';
import { behindGateway, PROTECTED, publicUdpPort } from '../security-gateway/for-product.ts';
import { SEGMENT_DEFECTS } from '../security-gateway/segment-defects.ts';
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
  defects: {
    ...Object.fromEntries(Object.entries(AMF_DEFECTS).map(([name, { says }]) => [name, says])),
    ...SEGMENT_DEFECTS,
  },
  ics: {
    ...PROTECTED,
    'ng.handover': true,
    'ng.pathSwitch': true,
    'ng.algorithms': ['NEA0', 'NEA1', 'NEA2', 'NEA3'],
  },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const udpPort = await udpPortFor(wanted);
  const { plmn, subscribers: count, publicKeys: arePublic } = wanted;
  const subscribers = await writeSubscribers(dir, { plmn, count, arePublic });
  // UEs of another simulator, that have keys which everybody knows, know none of these.
  const homeKeys = arePublic ? [] : await writeHomeKeys(dir);
  const config: AmfConfig = { settings: { ...wanted, udpPort }, defects, subscribers, homeKeys };
  const started = await startWithConfig({ name: 'amf', config, dir }, { signal });
  const { host, port, transport } = wanted;
  const { ics, ixit } = behindGateway(started.ready, ['ng']);
  return {
    ...{ ...started, ics },
    interfaces: {
      ng: {
        specification: { document: '3GPP TS 38.413', version: '18.3.0' },
        endpoint: listening({ host, port, transport, udpPort: publicUdpPort(udpPort, started.ready) }),
      },
    },
    ixit: {
      ...ixit,
      'ng.prepare': { url: started.hook },
      ...knownToTester(wanted),
      'ng.subscribers': subscribers.map(({ imsi, file }) => ({ imsi, keys: { file } })),
      'ng.homeNetworkKeys': homeKeysForTester(homeKeys, 'network'),
    },
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
