import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';

/** What the application on the RIC can be told to do with a node. See testplans/README-e2-hook.md. */
export const ACTIONS = [
  'subscribe',
  'deleteSubscriptions',
  'control',
  'query',
  'reset',
  'remove',
  'serviceQuery',
  'connectionUpdate',
  'xappRequest',
] as const;
export type Action = (typeof ACTIONS)[number];

export interface Order {
  readonly action: Action;
  /** Name of the node, as in `nodeName`; absent: any. */
  readonly node?: string;
  /** Of `subscribe`, in ms. */
  readonly periodMs?: number;
  /** Of `connectionUpdate`: an IPv4 address and a port that the node shall connect to. */
  readonly address?: string;
  readonly port?: number;
  /** Of `xappRequest`: a subscription that an application asks for, as it gave it. */
  readonly request?: Json;
}

/** Undefined for what is no order. */
export function readOrder(given: JsonObject): Order | undefined {
  const { action, node, periodMs, address, port, request } = given;
  const known = ACTIONS.find((each) => each === action);
  if (known === undefined) return undefined;
  return {
    action: known,
    ...(typeof node === 'string' ? { node } : {}),
    ...(typeof periodMs === 'number' && periodMs >= 1 ? { periodMs } : {}),
    ...(typeof address === 'string' ? { address } : {}),
    ...(typeof port === 'number' ? { port } : {}),
    ...(request === undefined ? {} : { request }),
  };
}

/** A subscription that an application asks for. */
export interface XappRequest {
  readonly ranFunctionId: number;
  readonly measurements: readonly string[];
  readonly periodMs: number;
}

const MEMBERS = ['ranFunctionId', 'measurements', 'periodMs'] as const;
const MAX_MEASUREMENTS = 1_024;

/** What an application may ask for, or a sentence about what is wrong with it. */
export function readXappRequest(given: Json | undefined): XappRequest | string {
  if (!isJsonObject(given)) return 'a request is an object';
  const unknown = Object.keys(given).find((name) => !MEMBERS.some((known) => known === name));
  if (unknown !== undefined) return `unknown member ${unknown.slice(0, 64)}`;
  const { ranFunctionId, measurements, periodMs } = given;
  if (!isWhole(ranFunctionId, 1, 4_095)) return 'ranFunctionId must be 1 to 4095';
  if (!isWhole(periodMs, 10, 86_400_000)) return 'periodMs must be 10 to 86400000';
  if (!Array.isArray(measurements) || measurements.length === 0 || measurements.length > MAX_MEASUREMENTS)
    return 'measurements must name at least one';
  const names = measurements as readonly Json[];
  if (!names.every((name): name is string => typeof name === 'string' && /^[ -~]{1,150}$/u.test(name)))
    return 'a measurement is named in 1 to 150 printable characters';
  return { ranFunctionId, measurements: names, periodMs };
}

function isWhole(value: Json | undefined, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}
