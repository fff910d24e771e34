import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndPoint } from '../../src/domain/equipment.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../src/kernel/json.ts';
import { startProgram } from '../sandbox/program.ts';
import { freeUdpPort } from './free-port.ts';
import type { RunningSimulator } from './simulator.ts';

export interface ProgramStart {
  /** Of the simulator, for its files and for people. */
  readonly name: string;
  /** Its module is `runners/simulators/FOLDER/main`; default: its name. */
  readonly folder?: string;
  readonly config: object;
  readonly dir: string;
}

export interface Started extends Pick<RunningSimulator, 'configuration' | 'log' | 'alive'>, AsyncDisposable {
  /** URL of its hook. */
  readonly hook: string;
  /** What it said when it was ready. */
  readonly ready: Readonly<Record<string, Json>>;
}

/** Starts a simulator that reads a file of JSON and says `{"ready":true,"controlPort":…}`. */
export async function startWithConfig(
  { name, folder = name, config, dir }: ProgramStart,
  { signal }: { signal: AbortSignal },
): Promise<Started> {
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, `${name}.json`);
  await writeFile(configPath, configuration);
  const module = `runners/simulators/${folder}/main`;
  const program = await startProgram({ module, args: [configPath], cwd: dir }, { signal });
  const ready = isJsonObject(program.ready) ? program.ready : {};
  const { controlPort } = ready;
  if (typeof controlPort !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', `the simulator ${name} did not name its ports`);
  return {
    ...{ hook: `http://127.0.0.1:${controlPort}/`, ready, configuration },
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

function isInUdp(transport: string): boolean {
  return !transport.endsWith('raw') && !transport.endsWith('kernel');
}

/** The UDP port in which a simulator listens: where 0 is wanted, one that is free now. */
export async function udpPortFor(wanted: {
  readonly host: string;
  readonly transport: string;
  readonly udpPort: number;
}): Promise<number> {
  const { host, transport, udpPort } = wanted;
  return isInUdp(transport) && udpPort === 0 ? freeUdpPort(host) : udpPort;
}

/** Where a product listens. */
export function listening(about: {
  readonly host: string;
  readonly port: number;
  readonly transport: string;
  readonly udpPort: number;
}): EndPoint {
  const { host, port, transport, udpPort } = about;
  const udp = isInUdp(transport) ? { udpEncapsulation: { remote: udpPort } } : {};
  return { host, port, transport, ...udp };
}

/** Of a product that comes to the tester. */
export async function dialling(about: {
  readonly host: string;
  readonly transport: string;
  readonly testerPort: number;
}): Promise<EndPoint> {
  const { host, transport, testerPort: port } = about;
  return { host, transport, tester: { host: '127.0.0.1', port }, ...(await testerUdp(transport)) };
}

/** In UDP the tester gets a port that is free now: several of them may run at once. */
export async function testerUdp(transport: string): Promise<Pick<EndPoint, 'udpEncapsulation'>> {
  return isInUdp(transport) ? { udpEncapsulation: { local: await freeUdpPort('127.0.0.1') } } : {};
}
