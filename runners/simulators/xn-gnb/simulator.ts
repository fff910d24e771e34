import type { EndPoint } from '../../../src/domain/equipment.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { listening, startWithConfig, testerUdp, udpPortFor } from '../program.ts';
import { behindGateway, PROTECTED, publicUdpPort } from '../security-gateway/for-product.ts';
import { SEGMENT_DEFECTS } from '../security-gateway/segment-defects.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import type { XnGnbConfig } from './config.ts';
import { XN_GNB_DEFECTS } from './defects.ts';
import { gnbOf, readSettings, type XnGnbSettings } from './settings.ts';
import { smallUes } from './ues.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';

const DEFECTS = { ...XN_GNB_DEFECTS, ...SEGMENT_DEFECTS };

/** A gNB on Xn: it listens for neighbours, and connects to one, and to an AMF, when its prepare hook orders it. */
export const XN_GNB: Simulator = aGnb('xn-gnb', {});

/** The same beside it: of a pair, the one that is not the first. */
export const XN_NEIGHBOUR: Simulator = aGnb('xn-neighbour', { gnb: 2 });

function aGnb(name: string, defaults: Partial<XnGnbSettings>): Simulator {
  return {
    ...{ name, role: 'gnb', version: '0.1.0', defects: DEFECTS },
    ics: {
      ...PROTECTED,
      'xn.xnap': 'v17',
      'xn.refusesDuplicateCell': true,
      'xn.refusesForeignPlmn': true,
      'xn.ranPaging': true,
      'xn.retrieveUeContext': true,
    },
    start: (request, options) => start({ ...request, name, defaults }, options),
  };
}

type Starting = SimulatorStart & { readonly name: string; readonly defaults: Partial<XnGnbSettings> };

async function start(
  { defects, settings, dir, name, defaults }: Starting,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings, defaults);
  const { host, transport, port } = wanted;
  const udpPort = await udpPortFor(wanted);
  const config: XnGnbConfig = { defects, settings: { ...wanted, udpPort } };
  const started = await startWithConfig({ name, folder: 'xn-gnb', config, dir }, { signal });
  const end = async (own: number): Promise<EndPoint> => {
    const listened = listening({
      ...{ host, port: own, transport },
      udpPort: publicUdpPort(udpPort, started.ready),
    });
    const { udpEncapsulation: tester } = await testerUdp(transport);
    const { udpEncapsulation: remote } = listened;
    return { ...listened, ...(remote === undefined ? {} : { udpEncapsulation: { ...remote, ...tester } }) };
  };
  const { ics, ixit } = behindGateway(started.ready, ['xn']);
  return {
    ...{ ...started, ics },
    interfaces: {
      xn: {
        specification: { document: '3GPP TS 38.423', version: 'v17' },
        endpoint: await end(port),
      },
      ng: { specification: { document: '3GPP TS 38.413', version: 'v17' }, endpoint: await end(NGAP_PORT) },
    },
    ixit: { ...ixit, 'xn.prepare': { url: started.hook }, ...ixitOf(wanted) },
  };
}

/** What a tester has to know. */
function ixitOf(settings: XnGnbSettings): Readonly<Record<string, Json>> {
  const { plmn, tac, sst, amfRegion, maxAssociations } = settings;
  const inactive = smallUes(settings, gnbOf(settings).cells).find(({ isInactive }) => isInactive);
  return {
    ...{ plmn, tac, slices: [{ sst }], 'ng.amfRegion': amfRegion },
    'xn.maxAssociations': maxAssociations,
    ...(inactive === undefined ? {} : { 'xn.inactiveUe': { iRnti: inactive.iRnti, mac: inactive.mac } }),
  };
}
