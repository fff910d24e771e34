import type { Json } from '../../../src/kernel/json.ts';
import type { HomeKeyFile } from '../home-keys.ts';
import { hostFor, PLMN, Settings, WHOLE } from '../settings.ts';
import type { SubscriberFile } from '../subscribers.ts';
import { DEFAULT_GNB, type GnbSettings } from './settings.ts';

/** What may stand under `simulator.settings` of an equipment file. */
export interface GnbSimulatorSettings extends GnbSettings {
  /** Address that it comes from. Default 127.0.0.1, on raw IP 127.0.0.2: the tester needs another one there. */
  readonly host: string;
  /** As in an equipment file. Default `ts-udp`. */
  readonly transport: string;
  /** Address of the user plane; null, the default, takes one of this machine that nobody has. */
  readonly n3Host: string | null;
  /** How many UEs are in its cell. Default 4. */
  readonly ues: number;
  /** Whether their USIMs have the keys that everybody knows, of TS 35.208, as with the simulator amf. Default false. */
  readonly publicKeys: boolean;
  readonly dnn: string;
  /** Between attempts to connect or to set up, in ms. Default 200. */
  readonly retryMs: number;
}

/** What the process is started with: a JSON file of this shape. Keys are in files of their own. */
export interface GnbConfig {
  readonly settings: GnbSimulatorSettings;
  readonly defects: readonly string[];
  readonly subscribers: readonly SubscriberFile[];
  /** With which they conceal who they are, each but every third with the next of them. */
  readonly homeKeys: readonly HomeKeyFile[];
}

const DEFAULTS = {
  ...{
    host: null,
    transport: 'ts-udp',
    n3Host: null,
    ues: 4,
    publicKeys: false,
    dnn: 'internet',
    retryMs: 200,
  },
  prepareWithinMs: DEFAULT_GNB.prepareWithinMs,
  overallWithinMs: DEFAULT_GNB.overallWithinMs,
  ...{ plmn: DEFAULT_GNB.plmn, id: DEFAULT_GNB.id, tac: DEFAULT_GNB.tac },
} as const satisfies Record<string, Json>;

/** @throws HarnessError INPUT_INVALID naming the setting */
export function readSettings(given: Readonly<Record<string, Json>>): GnbSimulatorSettings {
  const settings = new Settings('gnb', DEFAULTS, given);
  const transport = settings.text('transport');
  return {
    ...DEFAULT_GNB,
    plmn: settings.text('plmn', PLMN),
    id: settings.number('id', [0, 2 ** DEFAULT_GNB.idBits - 1]),
    tac: settings.number('tac', WHOLE.bits24),
    host: hostFor(settings.textOrNull('host'), transport),
    transport,
    n3Host: settings.textOrNull('n3Host'),
    ues: settings.number('ues', [1, 1_000]),
    publicKeys: settings.flag('publicKeys'),
    dnn: settings.text('dnn'),
    retryMs: settings.number('retryMs', [10, 600_000]),
    prepareWithinMs: settings.number('prepareWithinMs', [10, 600_000]),
    overallWithinMs: settings.number('overallWithinMs', [10, 600_000]),
  };
}
