import { listening, startWithConfig, udpPortFor } from '../program.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import { type E2RicConfig, readSettings } from './config.ts';
import { E2_RIC_DEFECTS } from './defects.ts';

/** A near-RT RIC on E2, with an application that subscribes, controls and queries as it is told. */
export const NEAR_RT_RIC_E2: Simulator = {
  name: 'near-rt-ric-e2',
  role: 'near-rt-ric',
  version: '0.1.0',
  defects: Object.fromEntries(Object.entries(E2_RIC_DEFECTS).map(([name, { says }]) => [name, says])),
  ics: {
    'e2.e2ap': 'v3.00',
    'e2.kpm': 'v3.00',
    'e2.rc': 'v1.03',
    'e2.query': true,
    'e2.connectionUpdate': true,
    'e2.validatesIndications': true,
    'e2.limitsIndicationRate': true,
    'e2.xappValidation': true,
  },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const wanted = readSettings(settings);
  const udpPort = await udpPortFor(wanted);
  const config: E2RicConfig = { ...wanted, udpPort, defects };
  const started = await startWithConfig({ name: 'near-rt-ric-e2', config, dir }, { signal });
  return {
    ...started,
    interfaces: {
      e2: {
        specification: { document: 'O-RAN.WG3.E2AP', version: 'v03.00' },
        endpoint: listening({ ...wanted, udpPort }),
      },
    },
    ixit: {
      'e2.prepare': { url: started.hook },
      'e2.maxAssociations': wanted.maxAssociations,
      'e2.maxIndicationsPerS': wanted.maxIndicationsPerS,
    },
  };
}
