import type { Json } from '../../../src/kernel/json.ts';
import { hostFor, PLMN, Settings, WHOLE } from '../settings.ts';

/** What may stand under `simulator.settings` of an equipment file. */
export interface DuSettings {
  /** Its own address for F1-C. Default 127.0.0.1, on raw IP 127.0.0.2. */
  readonly host: string;
  /** As in an equipment file. Default `ts-udp`. */
  readonly transport: string;
  /** Number of the gNB-DU, 36 bits. Default 1. */
  readonly id: number;
  readonly plmn: string;
  readonly tac: number;
  readonly sst: number;
  /** Identity of its cell, 36 bits. Default 0x4001, of the gNB 1 whose ID has 22 bits. */
  readonly cell: number;
  /** NR-ARFCN of its cell. Default 633334. */
  readonly arfcn: number;
  /** Address at which it takes packets of GTP-U. Default: a free one of 127.0.0.0/8. */
  readonly gtpuHost: string | null;
  /** File with the keys of its UEs, whose IMSIs count from 1 in its PLMN: as in `ng.subscribers`. Default: those of TS 35.208, set 1. */
  readonly keysFile: string | null;
  readonly dnn: string;
  /** Pause before it tries again what has failed, unless it was told how long to wait. Default 1000. */
  readonly retryMs: number;
}

/** What the process is started with: a JSON file of this shape. */
export interface DuConfig extends DuSettings {
  readonly defects: readonly string[];
}

const DEFAULTS = {
  host: null,
  transport: 'ts-udp',
  id: 1,
  plmn: '00101',
  tac: 7,
  sst: 1,
  cell: 0x4001,
  arfcn: 633_334,
  gtpuHost: null,
  keysFile: null,
  dnn: 'internet',
  retryMs: 1_000,
} as const satisfies Record<keyof DuSettings, Json>;

/** @throws HarnessError INPUT_INVALID naming the setting */
export function readSettings(given: Readonly<Record<string, Json>>): DuSettings {
  const settings = new Settings('o-du', DEFAULTS, given);
  const transport = settings.text('transport');
  return {
    host: hostFor(settings.textOrNull('host'), transport),
    transport,
    id: settings.number('id', [0, 2 ** 36 - 1]),
    plmn: settings.text('plmn', PLMN),
    tac: settings.number('tac', WHOLE.bits24),
    sst: settings.number('sst', [0, 255]),
    cell: settings.number('cell', [0, 2 ** 36 - 1]),
    arfcn: settings.number('arfcn', [0, 3_279_165]),
    gtpuHost: settings.textOrNull('gtpuHost'),
    keysFile: settings.textOrNull('keysFile'),
    dnn: settings.text('dnn'),
    retryMs: settings.number('retryMs', [10, 600_000]),
  };
}
