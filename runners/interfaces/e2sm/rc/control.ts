import { plain, unreadable } from '../exact.ts';
import type { E2sm_Rc$ControlHeader } from '../gen/rc.js';
import type { UeId } from '../identity.ts';
import type { OtherControl, RcCommand } from './commands.ts';
import { readDrbQos, writeDrbQos } from './drb-qos.ts';
import { readHandover, writeHandover } from './handover.ts';
import {
  type Parameter,
  ParameterReader,
  readParameters,
  readScalar,
  type Scalar,
  writeParameters,
} from './parameters.ts';
import { RC_PARTS } from './parts.ts';
import { readSliceQuota, writeSliceQuota } from './slice-quota.ts';
import { RC_CONTROLS, type RcControl } from './styles.ts';

/** What a RIC Control Request asks for; the standard wants a UE also where the whole node is meant. */
export interface RcRequest {
  readonly ue: UeId;
  /** Only in answer to an insert indication. */
  readonly decision?: 'accept' | 'reject';
  readonly command: RcCommand;
}

export interface ControlOctets {
  readonly header: Uint8Array;
  readonly message: Uint8Array;
}

type HeaderFormat1 = Extract<
  E2sm_Rc$ControlHeader['ric-controlHeader-formats'],
  { readonly 'controlHeader-Format1': unknown }
>['controlHeader-Format1'];

/** @throws PerError PER_VALUE_INVALID with the path */
export function encodeControl({ ue, decision, command }: RcRequest): ControlOctets {
  const { style, action } = command.kind === 'other' ? command : RC_CONTROLS[command.kind];
  const format: HeaderFormat1 = {
    ueID: ue,
    'ric-Style-Type': style,
    'ric-ControlAction-ID': action,
    ...(decision === undefined ? {} : { 'ric-ControlDecision': decision }),
  };
  return {
    header: RC_PARTS.controlHeader.encode({
      'ric-controlHeader-formats': { 'controlHeader-Format1': format },
    }),
    message: RC_PARTS.controlMessage.encode({
      'ric-controlMessage-formats': {
        'controlMessage-Format1': { 'ranP-List': writeParameters(parametersOf(command)) },
      },
    }),
  };
}

/** @throws PerError PER_INVALID for octets, formats and parameters that are not as the standard has them */
export function decodeControl({ header, message }: ControlOctets): RcRequest {
  const format = RC_PARTS.controlHeader.decode(header)['ric-controlHeader-formats'];
  if (!('controlHeader-Format1' in format))
    throw unreadable('ric-controlHeader-formats', 'several actions at once are not understood here');
  const { ueID, 'ric-ControlDecision': decision, ...ids } = format['controlHeader-Format1'];
  if (decision !== undefined && decision !== 'accept' && decision !== 'reject')
    throw unreadable('ric-ControlDecision', 'neither accept nor reject');
  const style = plain(ids['ric-Style-Type'], 'ric-Style-Type');
  const action = plain(ids['ric-ControlAction-ID'], 'ric-ControlAction-ID');
  const command = commandOf({ style, action, parameters: parametersIn(message) });
  return { ue: ueID, ...(decision === undefined ? {} : { decision }), command };
}

function parametersIn(message: Uint8Array): readonly Parameter[] {
  const format = RC_PARTS.controlMessage.decode(message)['ric-controlMessage-formats'];
  if ('controlMessage-Format1' in format)
    return readParameters(format['controlMessage-Format1']['ranP-List']);
  throw unreadable('ric-controlMessage-formats', 'several actions at once are not understood here');
}

function commandOf(read: Omit<OtherControl, 'kind'>): RcCommand {
  const kinds = Object.keys(RC_CONTROLS) as RcControl[];
  const kind = kinds.find(
    (each) => RC_CONTROLS[each].style === read.style && RC_CONTROLS[each].action === read.action,
  );
  const parameters = new ParameterReader(read.parameters);
  switch (kind) {
    case 'handover':
      return readHandover(parameters);
    case 'drbQos':
      return readDrbQos(parameters);
    case 'sliceQuota':
      return readSliceQuota(parameters);
    case undefined:
      return { kind: 'other', ...read };
  }
}

function parametersOf(command: RcCommand): readonly Parameter[] {
  switch (command.kind) {
    case 'handover':
      return writeHandover(command);
    case 'drbQos':
      return writeDrbQos(command);
    case 'sliceQuota':
      return writeSliceQuota(command);
    case 'other':
      return command.parameters;
  }
}

export interface OutcomeValue {
  readonly id: number;
  readonly value: Scalar;
}

/** What came of a control, in format 1. @throws PerError PER_VALUE_INVALID with the path */
export function encodeOutcome(values: readonly OutcomeValue[]): Uint8Array {
  const list = values.map(({ id, value }) => ({ 'ranParameter-ID': id, 'ranParameter-value': value }));
  return RC_PARTS.controlOutcome.encode({
    'ric-controlOutcome-formats': { 'controlOutcome-Format1': { 'ranP-List': list } },
  });
}

/** @throws PerError PER_INVALID with path and bit, also for another format than 1 */
export function decodeOutcome(bytes: Uint8Array): readonly OutcomeValue[] {
  const format = RC_PARTS.controlOutcome.decode(bytes)['ric-controlOutcome-formats'];
  if (!('controlOutcome-Format1' in format))
    throw unreadable('ric-controlOutcome-formats', 'only format 1 is understood here');
  return format['controlOutcome-Format1']['ranP-List'].map((each) => ({
    id: plain(each['ranParameter-ID'], 'ranParameter-ID'),
    value: readScalar(each['ranParameter-value']),
  }));
}
