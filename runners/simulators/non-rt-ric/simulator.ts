import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { startProgram } from '../../sandbox/program.ts';
import type { RunningSimulator, Simulator, SimulatorStart } from '../simulator.ts';
import type { NonRtRicConfig } from './config.ts';
import { CONSUMER_DEFECTS } from './defects.ts';

/** A non-RT RIC on A1: a consumer that sends what its prepare hook orders, and takes status notifications. */
export const NON_RT_RIC: Simulator = {
  name: 'non-rt-ric',
  role: 'non-rt-ric',
  version: '0.1.0',
  defects: Object.fromEntries(Object.entries(CONSUMER_DEFECTS).map(([name, { says }]) => [name, says])),
  ics: { 'a1.statusNotification': true },
  start,
};

async function start(
  { defects, settings, dir }: SimulatorStart,
  { signal }: { signal: AbortSignal },
): Promise<RunningSimulator> {
  const [surplus] = Object.keys(settings);
  if (surplus !== undefined)
    throw new HarnessError('INPUT_INVALID', `the non-RT RIC simulator has no setting ${surplus}`);
  const config: NonRtRicConfig = { defects };
  const configuration = JSON.stringify(config, null, 2);
  const configPath = join(dir, 'non-rt-ric.json');
  await writeFile(configPath, configuration);
  const program = await startProgram(
    { module: 'runners/simulators/non-rt-ric/main', args: [configPath], cwd: dir },
    { signal },
  );
  const { callbackPort, controlPort } = portsOf(program.ready);
  return {
    interfaces: { a1: { endpoint: { url: `http://127.0.0.1:${callbackPort}` } } },
    ixit: { 'a1.prepare': { url: `http://127.0.0.1:${controlPort}/` } },
    configuration,
    log: () => program.log(),
    alive: () => program.alive(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

function portsOf(ready: Json): { callbackPort: number; controlPort: number } {
  const { callbackPort, controlPort } = isJsonObject(ready) ? ready : {};
  if (typeof callbackPort !== 'number' || typeof controlPort !== 'number')
    throw new HarnessError('SIMULATOR_FAILED', 'the non-RT RIC simulator did not name its ports');
  return { callbackPort, controlPort };
}
