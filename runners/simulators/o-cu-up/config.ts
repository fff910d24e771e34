import type { Json } from '../../../src/kernel/json.ts';
import { hostFor, PLMN, Settings } from '../settings.ts';

/** What may stand under `simulator.settings` of an equipment file. */
export interface CuUpSettings {
  /** Its own address for E1. Default 127.0.0.1, on raw IP 127.0.0.2. */
  readonly host: string;
  /** As in an equipment file. Default `ts-udp`. */
  readonly transport: string;
  /** Number of the gNB-CU-UP, 36 bits. Default 1. */
  readonly id: number;
  readonly plmn: string;
  /** Slice type of its only slice. Default 1. */
  readonly sst: number;
  /** Address at which it takes packets of GTP-U, from UPFs and from gNB-DUs. Default: a free one of 127.0.0.0/8. */
  readonly gtpuHost: string | null;
  /** Pause before it tries again what has failed, unless it was told how long to wait. Default 1000. */
  readonly retryMs: number;
}

/** What the process is started with: a JSON file of this shape. */
export interface CuUpConfig extends CuUpSettings {
  readonly defects: readonly string[];
}

const DEFAULTS = {
  host: null,
  transport: 'ts-udp',
  id: 1,
  plmn: '00101',
  sst: 1,
  gtpuHost: null,
  retryMs: 1_000,
} as const satisfies Record<keyof CuUpSettings, Json>;

/** @throws HarnessError INPUT_INVALID naming the setting */
export function readSettings(given: Readonly<Record<string, Json>>): CuUpSettings {
  const settings = new Settings('o-cu-up', DEFAULTS, given);
  const transport = settings.text('transport');
  return {
    host: hostFor(settings.textOrNull('host'), transport),
    transport,
    id: settings.number('id', [0, 2 ** 36 - 1]),
    plmn: settings.text('plmn', PLMN),
    sst: settings.number('sst', [0, 255]),
    gtpuHost: settings.textOrNull('gtpuHost'),
    retryMs: settings.number('retryMs', [10, 600_000]),
  };
}
