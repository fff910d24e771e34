import { plain } from '../exact.ts';
import { type FunctionName, readFunctionName, writeFunctionName } from '../function-name.ts';
import type {
  E2sm_Rc$ControlStyle,
  E2sm_Rc$ParameterItem,
  E2sm_Rc$RanFunctionDefinition,
} from '../gen/rc.js';
import { RC_PARTS } from './parts.ts';
import {
  CONTROL_PARAMETERS,
  RC_CONTROL_ACTIONS,
  RC_CONTROL_STYLES,
  RC_CONTROLS,
  type RcControl,
} from './styles.ts';

export interface RcDefinition {
  readonly name: FunctionName;
  readonly controlStyles: readonly ControlStyle[];
  /** Triggers, report, insert and policy, as the standard has them. */
  readonly others: Omit<E2sm_Rc$RanFunctionDefinition, 'ranFunction-Name' | 'ranFunctionDefinition-Control'>;
}

export interface ControlStyle {
  readonly style: number;
  readonly name: string;
  readonly headerFormat: number;
  readonly messageFormat: number;
  readonly outcomeFormat: number;
  readonly callProcessFormat?: number;
  readonly actions: readonly ControlAction[];
  readonly outcomeParameters: readonly OfferedParameter[];
}

export interface ControlAction {
  readonly action: number;
  readonly name: string;
  readonly parameters: readonly OfferedParameter[];
}

export interface OfferedParameter {
  readonly id: number;
  readonly name: string;
  /** How it is built, where that is told. */
  readonly definition?: E2sm_Rc$ParameterItem['ranParameter-Definition'];
}

type Actions = NonNullable<E2sm_Rc$ControlStyle['ric-ControlAction-List']>;

/** @throws PerError PER_INVALID with path and bit */
export function decodeRcDefinition(bytes: Uint8Array): RcDefinition {
  const read = RC_PARTS.definition.decode(bytes);
  const { 'ranFunction-Name': name, 'ranFunctionDefinition-Control': control, ...others } = read;
  return {
    name: readFunctionName(name),
    controlStyles: (control?.['ric-ControlStyle-List'] ?? []).map(readStyle),
    others,
  };
}

/** @throws PerError PER_VALUE_INVALID with the path */
export function encodeRcDefinition({ name, controlStyles, others }: RcDefinition): Uint8Array {
  const styles = controlStyles.map(writeStyle);
  return RC_PARTS.definition.encode({
    ...others,
    'ranFunction-Name': writeFunctionName(name),
    ...(styles.length === 0 ? {} : { 'ranFunctionDefinition-Control': { 'ric-ControlStyle-List': styles } }),
  });
}

/** The control styles that offer some of the controls which we know, with their parameters. */
export function controlStylesFor(controls: readonly RcControl[]): readonly ControlStyle[] {
  const styles = [...new Set(controls.map((control) => RC_CONTROLS[control].style))].sort((a, b) => a - b);
  return styles.map((style) => ({
    style,
    name: RC_CONTROL_STYLES[style],
    headerFormat: 1,
    messageFormat: 1,
    outcomeFormat: 1,
    actions: controls.filter((each) => RC_CONTROLS[each].style === style).map(actionFor),
    outcomeParameters: [],
  }));
}

function actionFor(control: RcControl): ControlAction {
  const { style, action } = RC_CONTROLS[control];
  const names: Readonly<Record<number, string>> = RC_CONTROL_ACTIONS[style];
  return { action, name: names[action] ?? control, parameters: CONTROL_PARAMETERS[control] };
}

function readStyle(from: E2sm_Rc$ControlStyle): ControlStyle {
  const callProcess = from['ric-CallProcessIDFormat-Type'];
  return {
    style: plain(from['ric-ControlStyle-Type'], 'ric-ControlStyle-Type'),
    name: from['ric-ControlStyle-Name'],
    headerFormat: plain(from['ric-ControlHeaderFormat-Type'], 'ric-ControlHeaderFormat-Type'),
    messageFormat: plain(from['ric-ControlMessageFormat-Type'], 'ric-ControlMessageFormat-Type'),
    outcomeFormat: plain(from['ric-ControlOutcomeFormat-Type'], 'ric-ControlOutcomeFormat-Type'),
    ...(callProcess === undefined
      ? {}
      : { callProcessFormat: plain(callProcess, 'ric-CallProcessIDFormat-Type') }),
    actions: (from['ric-ControlAction-List'] ?? []).map((each) => ({
      action: plain(each['ric-ControlAction-ID'], 'ric-ControlAction-ID'),
      name: each['ric-ControlAction-Name'],
      parameters: readOffered(each['ran-ControlActionParameters-List']),
    })),
    outcomeParameters: readOffered(from['ran-ControlOutcomeParameters-List']),
  };
}

function writeStyle(style: ControlStyle): E2sm_Rc$ControlStyle {
  const { callProcessFormat, actions, outcomeParameters } = style;
  return {
    'ric-ControlStyle-Type': style.style,
    'ric-ControlStyle-Name': style.name,
    ...(actions.length === 0 ? {} : { 'ric-ControlAction-List': actions.map(writeAction) }),
    'ric-ControlHeaderFormat-Type': style.headerFormat,
    'ric-ControlMessageFormat-Type': style.messageFormat,
    ...(callProcessFormat === undefined ? {} : { 'ric-CallProcessIDFormat-Type': callProcessFormat }),
    'ric-ControlOutcomeFormat-Type': style.outcomeFormat,
    ...(outcomeParameters.length === 0
      ? {}
      : { 'ran-ControlOutcomeParameters-List': writeOffered(outcomeParameters) }),
  };
}

function writeAction({ action, name, parameters }: ControlAction): Actions[number] {
  const list =
    parameters.length === 0 ? {} : { 'ran-ControlActionParameters-List': writeOffered(parameters) };
  return { 'ric-ControlAction-ID': action, 'ric-ControlAction-Name': name, ...list };
}

function readOffered(list: readonly E2sm_Rc$ParameterItem[] = []): readonly OfferedParameter[] {
  return list.map((each) => {
    const definition = each['ranParameter-Definition'];
    return {
      id: plain(each['ranParameter-ID'], 'ranParameter-ID'),
      name: each['ranParameter-name'],
      ...(definition === undefined ? {} : { definition }),
    };
  });
}

function writeOffered(list: readonly OfferedParameter[]): readonly E2sm_Rc$ParameterItem[] {
  return list.map(({ id, name, definition }) => ({
    'ranParameter-ID': id,
    'ranParameter-name': name,
    ...(definition === undefined ? {} : { 'ranParameter-Definition': definition }),
  }));
}
