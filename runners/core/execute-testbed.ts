import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment } from '../../src/domain/assignment.ts';
import type { FilledPeer } from '../../src/domain/case-record.ts';
import type { Equipment, SimulatorChoice } from '../../src/domain/equipment.ts';
import type { PlanPeer } from '../../src/domain/plan.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Teardown } from '../../src/kernel/teardown.ts';
import type { ExecuteDeps } from './execute-ports.ts';
import type { RunningSimulator, Simulator } from '../simulators/simulator.ts';

/** The plan's peer that the procedure itself speaks for. */
const TESTER = 'tester';
/** The runner among its own tools. */
const RUNNER = 'patchbay';

export interface StartedSimulator {
  /** Id of the equipment, or name of the peer. */
  readonly name: string;
  /** The product itself, whose death is its own behaviour, or a stand-in of ours. */
  readonly fills: 'subject' | 'peer';
  readonly choice: SimulatorChoice;
  readonly simulator: Simulator;
  readonly running: RunningSimulator;
}

/** Everything that meets in a run, with end points. */
export interface Testbed {
  readonly subjects: readonly Equipment[];
  readonly simulators: readonly StartedSimulator[];
}

export interface ToSetUp {
  readonly assignment: Assignment;
  readonly simulators: ReadonlyMap<string, Simulator>;
  /** Every simulator gets a folder of its own in it. */
  readonly dir: string;
  /** Stops what was started, also when a later start fails. */
  readonly undo: Teardown;
}

/**
 * Starts the simulators one after the other: peers first, then subjects, in the order of the plan.
 * Throws `SIMULATOR_UNKNOWN` or `SIMULATOR_FAILED`, or the signal's own reason.
 */
export async function setUpTestbed(setUp: ToSetUp, { signal }: { signal: AbortSignal }): Promise<Testbed> {
  const { plan, subjects } = setUp.assignment;
  const started: StartedSimulator[] = [];
  const start = async (part: Omit<StartedSimulator, 'running' | 'simulator'>): Promise<StartedSimulator> => {
    const one = await startSimulator(setUp, { ...part, index: started.length }, signal);
    started.push(one);
    return one;
  };
  for (const { name, simulator } of plan.peers)
    if (simulator !== undefined && simulator !== TESTER)
      await start({ name, fills: 'peer', choice: { name: simulator, defects: [] } });
  const equipped: Equipment[] = [];
  for (const subject of subjects) {
    const { simulator: choice, id: name } = subject;
    equipped.push(
      choice === undefined ? subject : equip(subject, await start({ name, fills: 'subject', choice })),
    );
  }
  return { subjects: equipped, simulators: started };
}

/** Who stood around the product: the plan's peers, and in a pairing each product for the other. */
export function filledPeers(
  { plan, subjects }: Assignment,
  { simulators, tools }: Pick<ExecuteDeps, 'simulators' | 'tools'>,
): FilledPeer[] {
  const own = tools[RUNNER] ?? 'unknown';
  const peers = plan.peers.map(({ name, simulator }: PlanPeer): FilledPeer => {
    if (simulator === undefined || simulator === TESTER)
      return { name, filledBy: 'tester', id: RUNNER, version: own };
    return {
      name,
      filledBy: 'simulator',
      id: simulator,
      version: simulators.get(simulator)?.version ?? 'unknown',
    };
  });
  if (subjects.length < 2) return peers;
  return [...peers, ...subjects.map((subject) => filledSubject(subject, simulators))];
}

function filledSubject(subject: Equipment, simulators: ReadonlyMap<string, Simulator>): FilledPeer {
  const { id, role, simulator: choice, versions } = subject;
  return choice === undefined
    ? { name: role, filledBy: 'equipment', id, version: versions['software'] ?? 'unknown' }
    : { name: role, filledBy: 'simulator', id, version: simulators.get(choice.name)?.version ?? 'unknown' };
}

async function startSimulator(
  { simulators, dir, undo }: ToSetUp,
  { index, ...part }: Omit<StartedSimulator, 'running' | 'simulator'> & { readonly index: number },
  signal: AbortSignal,
): Promise<StartedSimulator> {
  const { name, defects, settings = {} } = part.choice;
  const simulator = simulators.get(name);
  if (simulator === undefined) throw new HarnessError('SIMULATOR_UNKNOWN', `no simulator is called ${name}`);
  const unknown = defects.find((defect) => !Object.hasOwn(simulator.defects, defect));
  if (unknown !== undefined)
    throw new HarnessError('SIMULATOR_UNKNOWN', `simulator ${name} has no defect mode ${unknown}`);
  const own = join(dir, `simulator-${index}`);
  try {
    await mkdir(own, { mode: 0o700 });
    const running = await simulator.start({ defects, settings, dir: own }, { signal });
    return { ...part, simulator, running: undo.use(running) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw HarnessError.from(error, 'SIMULATOR_FAILED');
  }
}

/** What an equipment file would say is filled in by the simulator; what the file says itself counts more. */
function equip(subject: Equipment, { simulator, running }: StartedSimulator): Equipment {
  const auth = subject.auth ?? running.auth;
  return {
    ...subject,
    versions: { software: simulator.version, ...subject.versions },
    interfaces: { ...running.interfaces, ...subject.interfaces },
    ics: { ...simulator.ics, ...running.ics, ...subject.ics },
    ixit: { ...running.ixit, ...subject.ixit },
    ...(auth === undefined ? {} : { auth }),
  };
}
