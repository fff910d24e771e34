import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { cellText, type CellId } from '../../interfaces/e2sm/identity.ts';
import type { DrbQos, RcCommand, SlicePolicy } from '../../interfaces/e2sm/rc/commands.ts';
import { changed, findCell, findUe, stateAt } from './model.ts';
import type { Limits, RanModel } from './types.ts';
import { isConnected } from './world.ts';

/** Why a control is not carried out; the words of a control failure are the E2 node's. */
export type ControlRefusal =
  | 'unknownUe'
  | 'notConnected'
  | 'unknownCell'
  | 'alreadyThere'
  | 'unknownBearer'
  | 'valuesImpossible'
  | 'notSupported';

/** UEs have one data radio bearer. */
const DRB = 1;

/** The model in which a control has been carried out at a time; `ue` is the number of the UE that it speaks of. */
export function controlled(
  model: RanModel,
  { atMs, ue, command }: { readonly atMs: number; readonly ue: number; readonly command: RcCommand },
): Result<RanModel, ControlRefusal> {
  switch (command.kind) {
    case 'handover':
      return handOver(model, { atMs, ue, target: command.target });
    case 'drbQos':
      return changeQos(model, { atMs, ue, qos: command });
    case 'sliceQuota':
      return changePolicies(model, atMs, command.policies);
    case 'other':
      return err('notSupported');
  }
}

function handOver(
  model: RanModel,
  { atMs, ue, target }: { atMs: number; ue: number; target: CellId },
): Result<RanModel, ControlRefusal> {
  const found = findUe(model, ue);
  if (found === undefined) return err('unknownUe');
  if (!isConnected(model.config, found, atMs)) return err('notConnected');
  const cell = cellText(target);
  if (findCell(model, cell) === undefined) return err('unknownCell');
  const { cellOf } = stateAt(model, atMs);
  if (cellOf.get(ue) === cell) return err('alreadyThere');
  return ok(changed(model, atMs, { cellOf: new Map([...cellOf, [ue, cell]]) }));
}

function changeQos(
  model: RanModel,
  { atMs, ue, qos }: { atMs: number; ue: number; qos: DrbQos },
): Result<RanModel, ControlRefusal> {
  if (findUe(model, ue) === undefined) return err('unknownUe');
  if (qos.drb !== DRB) return err('unknownBearer');
  const limits = limitsOf(qos);
  if (Object.values(limits).some((value: number) => value < 0)) return err('valuesImpossible');
  const { limitsOf: before } = stateAt(model, atMs);
  return ok(changed(model, atMs, { limitsOf: new Map([...before, [ue, limits]]) }));
}

function limitsOf(qos: DrbQos): Limits {
  return {
    ...(qos.maxDlBitS === undefined ? {} : { maxDlKbitS: qos.maxDlBitS / 1_000 }),
    ...(qos.guaranteedDlBitS === undefined ? {} : { guaranteedDlKbitS: qos.guaranteedDlBitS / 1_000 }),
    ...(qos.maxUlBitS === undefined ? {} : { maxUlKbitS: qos.maxUlBitS / 1_000 }),
    ...(qos.guaranteedUlBitS === undefined ? {} : { guaranteedUlKbitS: qos.guaranteedUlBitS / 1_000 }),
  };
}

/** Shares that are promised together fit into one cell, and none promises more than it allows. */
function changePolicies(
  model: RanModel,
  atMs: number,
  policies: readonly SlicePolicy[],
): Result<RanModel, ControlRefusal> {
  const promised = policies.map(({ minPercent, dedicatedPercent }) => Math.max(minPercent, dedicatedPercent));
  const tooMuch = promised.reduce((sum, percent) => sum + percent, 0) > 100;
  const contrary = policies.some(({ maxPercent }, index) => (promised[index] ?? 0) > maxPercent);
  return tooMuch || contrary ? err('valuesImpossible') : ok(changed(model, atMs, { policies }));
}
