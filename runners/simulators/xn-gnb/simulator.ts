import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndPoint } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { startProgram } from '../../sandbox/program.ts';
import { freeUdpPort } from '../free-port.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import type { XnGnbConfig } from './config.ts';
import { XN_GNB_DEFECTS } from './defects.ts';
import { gnbOf, readSettings, type XnGnbSettings } from './settings.ts';
import { smallUes } from './ues.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';

/** A gNB on Xn: it listens for neighbours, and connects to one, and to an AMF, when its prepare hook orders it. */
export const XN_GNB: Simulator = aGnb('xn-gnb', {});

/** The same beside it: of a pair, the one that is not the first. */
export const XN_NEIGHBOUR: Simulator = aGnb('xn-neighbour', { gnb: 2 });

function aGnb(name: string, defaults: Partial<XnGnbSettings>): Simulator {
  return {
    ...{ name, role: 'gnb', version: '0.1.0', defects: XN_GNB_DEFECTS },
    ics: {
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
  const inUdp = wanted.transport === 'ts-udp' || wanted.transport === 'usrsctp';
  const udpPort = inUdp && wanted.udpPort === 0 ? await freeUdpPort(wanted.host) : wanted.udpPort;
  const config: XnGnbConfig = { defects, settings: { ...wanted, udpPort } };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, `${name}.json`);
  await writeFile(configPath, configuration);
  const module = 'runners/simulators/xn-gnb/main';
  const program = await startProgram({ module, args: [configPath], cwd: dir }, { signal });
  const end = async (port: number): Promise<EndPoint> => ({
    ...{ host: wanted.host, port, transport: wanted.transport },
    ...(inUdp ? { udpEncapsulation: { remote: udpPort, local: await freeUdpPort(wanted.host) } } : {}),
  });
  return {
    interfaces: {
      xn: {
        specification: { document: '3GPP TS 38.423', version: 'v17' },
        endpoint: await end(wanted.port),
      },
      ng: { specification: { document: '3GPP TS 38.413', version: 'v17' }, endpoint: await end(NGAP_PORT) },
    },
    ixit: { 'xn.prepare': { url: `http://127.0.0.1:${controlPortOf(program.ready)}/` }, ...ixitOf(wanted) },
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
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

function controlPortOf(ready: Json): number {
  const port = isJsonObject(ready) ? ready['controlPort'] : undefined;
  if (typeof port !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the Xn simulator did not name its port');
  return port;
}
