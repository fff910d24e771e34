import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Json } from '../../../src/kernel/json.ts';
import type { KpmVersion } from '../../interfaces/e2sm/kpm/types.ts';

/** What may stand under `simulator.settings` of an equipment file, with what holds when it does not. */
export interface E2NodeSettings {
  readonly kind: E2NodeKind;
  /** `v2.03` or `v3.00`. Default `v3.00`. */
  readonly kpm: string;
  /** 1 to 8. Default 2. */
  readonly cells: number;
  /** 0 to 64. Default 4. */
  readonly uesPerCell: number;
  /** The same seed gives the same cells and UEs. Default 1. */
  readonly seed: number;
  readonly plmn: string;
  /** Number of the gNB, 22 bits. Default 1. */
  readonly gnb: number;
  /** How SCTP travels, as `endpoint.transport` of an equipment file has it. Default `ts-udp`. */
  readonly transport: string;
  /** Its own address. Default 127.0.0.1; on raw IP 127.0.0.2, where the tester must have one of its own. */
  readonly host: string;
  /** Pause before it tries again what has failed, unless it was told how long to wait. Default 1000. */
  readonly retryMs: number;
}

export const E2_NODE_KINDS = ['gnb', 'o-cu-cp', 'o-du'] as const;
export type E2NodeKind = (typeof E2_NODE_KINDS)[number];

const KPM_VERSIONS: Readonly<Record<string, KpmVersion>> = { 'v2.03': 'v2', 'v3.00': 'v3' };

export function kpmVersion({ kpm }: E2NodeSettings): KpmVersion {
  return KPM_VERSIONS[kpm] ?? 'v3';
}

/** @throws HarnessError INPUT_INVALID naming the first setting that is wrong or does not exist */
export function readSettings(settings: Readonly<Record<string, Json>>): E2NodeSettings {
  const {
    kind = 'gnb',
    kpm = 'v3.00',
    cells = 2,
    uesPerCell = 4,
    seed = 1,
    plmn = '00101',
    gnb = 1,
    transport = 'ts-udp',
    host = onRawIp(transport) ? '127.0.0.2' : '127.0.0.1',
    retryMs = 1000,
    ...surplus
  } = settings;
  const [unknown] = Object.keys(surplus);
  if (unknown !== undefined) throw wrong(unknown, 'nothing: there is no such setting');
  if (!isKind(kind)) throw wrong('kind', E2_NODE_KINDS.join(', '));
  if (typeof kpm !== 'string' || !Object.hasOwn(KPM_VERSIONS, kpm)) throw wrong('kpm', 'v2.03 or v3.00');
  if (typeof plmn !== 'string' || !/^\d{5,6}$/u.test(plmn)) throw wrong('plmn', 'five or six digits');
  if (typeof transport !== 'string') throw wrong('transport', 'the name of a transport');
  if (typeof host !== 'string') throw wrong('host', 'an address');
  return {
    ...{ kind, kpm, plmn, transport, host },
    cells: whole('cells', cells, [1, 8]),
    uesPerCell: whole('uesPerCell', uesPerCell, [0, 64]),
    seed: whole('seed', seed, [0, 2 ** 32 - 1]),
    gnb: whole('gnb', gnb, [0, 2 ** 22 - 1]),
    retryMs: whole('retryMs', retryMs, [10, 600_000]),
  };
}

function onRawIp(transport: Json | undefined): boolean {
  return typeof transport === 'string' && transport.endsWith('raw');
}

function isKind(kind: Json): kind is E2NodeKind {
  return (E2_NODE_KINDS as readonly Json[]).includes(kind);
}

function whole(name: string, value: Json, [least, most]: readonly [number, number]): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(name, `a whole number from ${least} to ${most}`);
}

function wrong(name: string, wanted: string): HarnessError {
  return new HarnessError('INPUT_INVALID', `setting ${name} of the E2 node simulator must be ${wanted}`);
}
