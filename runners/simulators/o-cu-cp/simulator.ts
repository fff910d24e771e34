import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import { dialling, listening, startWithConfig, udpPortFor } from '../program.ts';
import { behindGateway, PROTECTED, publicUdpPort } from '../security-gateway/for-product.ts';
import { SEGMENT_DEFECTS } from '../security-gateway/segment-defects.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { type CuCpConfig, GNB_BITS, readSettings } from './config.ts';
import { O_CU_CP_DEFECTS } from './defects.ts';

/** An O-CU-CP: gNB-DUs come to it on F1, gNB-CU-UPs on E1; it goes to an AMF when its hook orders it. */
export const O_CU_CP: Simulator = {
  name: 'o-cu-cp',
  role: 'o-cu-cp',
  version: '0.1.0',
  defects: { ...O_CU_CP_DEFECTS, ...SEGMENT_DEFECTS },
  ics: { ...PROTECTED, 'e1.initiates': true, 'f1.cuUpdate': true, 'f1.measurementHandover': true },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const { host, transport, f1Port, e1Port, gnb, plmn, tac, sst, maxAssociations } = wanted;
  const udpPort = await udpPortFor(wanted);
  const config: CuCpConfig = { ...wanted, udpPort, defects };
  const started = await startWithConfig({ name: 'o-cu-cp', config, dir }, { signal });
  const { ics, ixit } = behindGateway(started.ready, ['f1', 'e1']);
  const listened = { host, transport, udpPort: publicUdpPort(udpPort, started.ready) };
  return {
    ...{ ...started, ics: { ...ics, 'f1.needsNg': wanted.needsNg } },
    interfaces: {
      f1: {
        specification: { document: '3GPP TS 38.473', version: 'v18' },
        endpoint: listening({ ...listened, port: f1Port }),
      },
      e1: {
        specification: { document: '3GPP TS 37.483', version: 'v18' },
        endpoint: listening({ ...listened, port: e1Port }),
      },
      ng: {
        specification: { document: '3GPP TS 38.413', version: 'v18' },
        endpoint: await dialling({ host, transport, testerPort: NGAP_PORT }),
      },
    },
    ixit: {
      ...ixit,
      ...{ plmn, tac, slices: [{ sst }], gnb: { id: gnb, bits: GNB_BITS } },
      'f1.maxAssociations': maxAssociations,
      'e1.maxAssociations': maxAssociations,
      'f1.prepare': { url: started.hook },
      'e1.prepare': { url: started.hook },
    },
  };
}
