import { HarnessError } from '../../../src/kernel/errors.ts';
import { cellText } from '../../interfaces/e2sm/identity.ts';
import type { CellConfig, RanModel, RanModelConfig, RanState, UeConfig } from './types.ts';

/** @throws HarnessError CONFIG_INVALID when a UE is there twice or in a cell that is not */
export function makeRanModel(config: RanModelConfig): RanModel {
  const cells = new Set(config.cells.map(({ cell }) => cellText(cell)));
  const cellOf = new Map(config.ues.map(({ ue, cell }) => [ue, cellText(cell)]));
  if (cells.size < config.cells.length || cellOf.size < config.ues.length)
    throw new HarnessError('CONFIG_INVALID', 'a cell or a UE is in the model twice');
  if ([...cellOf.values()].some((cell) => !cells.has(cell)))
    throw new HarnessError('CONFIG_INVALID', 'a UE is in a cell that is not in the model');
  const state = { cellOf, limitsOf: new Map(), policies: [] };
  return { config, history: [{ fromMs: Number.NEGATIVE_INFINITY, state }] };
}

/** What holds at a time. */
export function stateAt({ history }: RanModel, atMs: number): RanState {
  return (history.findLast(({ fromMs }) => fromMs <= atMs) ?? history[0]).state;
}

/** Changes beyond these are forgotten, oldest first: nobody asks for the time before them. */
const MAX_CHANGES = 1_000;

/** The model in which something holds from a time on; changes come in the order of time. */
export function changed(model: RanModel, atMs: number, change: Partial<RanState>): RanModel {
  const last = model.history[model.history.length - 1] ?? model.history[0];
  const next = { fromMs: Math.max(atMs, last.fromMs), state: { ...last.state, ...change } };
  const [first = next, ...rest] = [...model.history, next].slice(-MAX_CHANGES);
  return { ...model, history: [{ ...first, fromMs: Number.NEGATIVE_INFINITY }, ...rest] };
}

export function findUe({ config }: RanModel, ue: number): UeConfig | undefined {
  return config.ues.find((each) => each.ue === ue);
}

export function findCell({ config }: RanModel, text: string): CellConfig | undefined {
  return config.cells.find(({ cell }) => cellText(cell) === text);
}
