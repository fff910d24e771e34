import { outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import type { Cause, Ies } from '../../interfaces/e2/types.ts';
import { decodeControl } from '../../interfaces/e2sm/rc/control.ts';
import type { RcControl } from '../../interfaces/e2sm/rc/styles.ts';
import { controlled, type ControlRefusal } from '../ran-model/control.ts';
import type { RanModel } from '../ran-model/types.ts';
import { ueNumber } from '../ran-model/ue-facts.ts';
import type { Has } from './defects.ts';
import { readOrNull } from './subscriptions.ts';

type Request = Ies<'RICcontrolRequest'>;

export interface Controlling {
  readonly model: RanModel;
  readonly controls: readonly RcControl[];
  readonly atMs: number;
  readonly has: Has;
}

/** What a control comes to: the model in which it is done, and the answer; `null` when none was asked for. */
export interface Controlled {
  readonly model: RanModel;
  readonly answer: Outgoing | null;
}

const WHY: Readonly<Record<ControlRefusal, Cause>> = {
  unknownUe: { ricRequest: 'control-message-invalid' },
  unknownCell: { ricRequest: 'control-message-invalid' },
  unknownBearer: { ricRequest: 'control-message-invalid' },
  valuesImpossible: { ricRequest: 'control-message-invalid' },
  notConnected: { ricRequest: 'control-failed-to-execute' },
  alreadyThere: { ricRequest: 'control-failed-to-execute' },
  notSupported: { ricRequest: 'action-not-supported' },
};

/** @see O-RAN.WG3.E2AP clause 8.2.4; what is refused is always told */
export function control(request: Request, { model, controls, atMs, has }: Controlling): Controlled {
  const wanted = readOrNull(() =>
    decodeControl({ header: request.RICcontrolHeader, message: request.RICcontrolMessage }),
  );
  if (wanted === null)
    return refused(request, { model, has, cause: { ricRequest: 'control-message-invalid' } });
  const { ue, command } = wanted;
  if (command.kind === 'other' || !controls.includes(command.kind))
    return refused(request, { model, has, cause: WHY.notSupported });
  const done = controlled(model, { atMs, ue: ueNumber(ue) ?? 0, command });
  return done.ok
    ? { model: done.value, answer: acknowledgement(request) }
    : refused(request, { model, has, cause: WHY[done.error] });
}

function acknowledgement(request: Request): Outgoing | null {
  if (request.RICcontrolAckRequest !== 'ack') return null;
  return outgoing('RICcontrolAcknowledge', referenceOf(request));
}

function refused(
  request: Request,
  { model, cause, has }: { readonly model: RanModel; readonly cause: Cause; readonly has: Has },
): Controlled {
  if (has('control-always-acknowledged')) return { model, answer: acknowledgement(request) };
  return { model, answer: outgoing('RICcontrolFailure', { ...referenceOf(request), Cause: cause }) };
}

function referenceOf({ RICrequestID, RANfunctionID, RICcallProcessID }: Request): Reference {
  return {
    RICrequestID,
    RANfunctionID,
    ...(RICcallProcessID === undefined ? {} : { RICcallProcessID }),
  };
}

type Reference = Pick<Request, 'RICrequestID' | 'RANfunctionID' | 'RICcallProcessID'>;
