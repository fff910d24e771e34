import { E1AP_PORT } from '../../interfaces/e1ap/codec.ts';
import { dialling, startWithConfig } from '../program.ts';
import { behindGateway, PROTECTED } from '../security-gateway/for-product.ts';
import { SEGMENT_DEFECTS } from '../security-gateway/segment-defects.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { type CuUpConfig, readSettings } from './config.ts';
import { O_CU_UP_DEFECTS } from './defects.ts';

/** An O-CU-UP: E1 towards an O-CU-CP to which it goes when its hook orders it, and the tunnels of users. */
export const O_CU_UP: Simulator = {
  name: 'o-cu-up',
  role: 'o-cu-up',
  version: '0.1.0',
  defects: { ...O_CU_UP_DEFECTS, ...SEGMENT_DEFECTS },
  ics: { ...PROTECTED, 'e1.initiates': true, 'e1.acceptsSetup': true },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const config: CuUpConfig = { ...wanted, defects };
  const started = await startWithConfig({ name: 'o-cu-up', config, dir }, { signal });
  const { host, transport, plmn, sst } = wanted;
  const { ics, ixit } = behindGateway(started.ready, ['e1']);
  return {
    ...{ ...started, ics },
    interfaces: {
      e1: {
        specification: { document: '3GPP TS 37.483', version: 'v18' },
        endpoint: await dialling({ host, transport, testerPort: E1AP_PORT }),
      },
    },
    ixit: { ...ixit, plmn, slices: [{ sst }], 'e1.prepare': { url: started.hook } },
  };
}
