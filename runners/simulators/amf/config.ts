import type { Json } from '../../../src/kernel/json.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import type { SNssai } from '../../interfaces/nas/values.ts';
import type { HomeKeyFile } from '../home-keys.ts';
import { hostFor, PLMN, Settings, WHOLE } from '../settings.ts';
import type { SubscriberFile } from '../subscribers.ts';
import { type AmfSettings, DEFAULT_AMF } from './settings.ts';

/** What may stand under `simulator.settings` of an equipment file. */
export interface AmfSimulatorSettings extends AmfSettings {
  /** Address to listen on. Default 127.0.0.1, on raw IP 127.0.0.2: the tester needs another one there. */
  readonly host: string;
  /** SCTP port. Default 38412. */
  readonly port: number;
  /** As in an equipment file. Default `ts-udp`. */
  readonly transport: string;
  /** Port of UDP; 0, the default, takes a free one. */
  readonly udpPort: number;
  /** Address of the user plane; null, the default, takes one of this machine that nobody has. */
  readonly n3Host: string | null;
  /** How many subscribers it has. Default 4. */
  readonly subscribers: number;
  /** Whether they have the keys that everybody knows, of TS 35.208, as the UEs of the simulator o-du do. Default false. */
  readonly publicKeys: boolean;
  readonly dnn: string;
}

/** What the process is started with: a JSON file of this shape. Keys are in files of their own. */
export interface AmfConfig {
  readonly settings: AmfSimulatorSettings;
  readonly defects: readonly string[];
  readonly subscribers: readonly SubscriberFile[];
  /** With which they may conceal who they are. */
  readonly homeKeys: readonly HomeKeyFile[];
}

const DEFAULTS = {
  host: null,
  port: NGAP_PORT,
  transport: 'ts-udp',
  udpPort: 0,
  n3Host: null,
  subscribers: 4,
  publicKeys: false,
  plmn: DEFAULT_AMF.plmn,
  tac: 1,
  sst: 1,
  sd: '010203',
  maxAssociations: 8,
  networkName: null,
  answerWithinMs: 3_000,
  handoverWithinMs: 5_000,
  nasTimerMs: DEFAULT_AMF.nasTimerMs,
  sessionTimerMs: DEFAULT_AMF.sessionTimerMs,
  dnn: 'internet',
} as const satisfies Record<string, Json>;

/** @throws HarnessError INPUT_INVALID naming the setting */
export function readSettings(given: Readonly<Record<string, Json>>): AmfSimulatorSettings {
  const settings = new Settings('amf', DEFAULTS, given);
  const transport = settings.text('transport');
  return {
    ...DEFAULT_AMF,
    plmn: settings.text('plmn', PLMN),
    tacs: [settings.number('tac', WHOLE.bits24)],
    slices: [sliceIn(settings)],
    host: hostFor(settings.textOrNull('host'), transport),
    transport,
    port: settings.number('port', WHOLE.port),
    udpPort: settings.number('udpPort', WHOLE.udpPort),
    n3Host: settings.textOrNull('n3Host'),
    subscribers: settings.number('subscribers', [1, 1_000]),
    publicKeys: settings.flag('publicKeys'),
    maxAssociations: settings.number('maxAssociations', [1, 1_024]),
    networkName: settings.textOrNull('networkName'),
    answerWithinMs: settings.number('answerWithinMs', [10, 600_000]),
    handoverWithinMs: settings.number('handoverWithinMs', [10, 600_000]),
    nasTimerMs: settings.number('nasTimerMs', [10, 600_000]),
    sessionTimerMs: settings.number('sessionTimerMs', [10, 600_000]),
    dnn: settings.text('dnn'),
  };
}

/** Its only slice: `sst`, and `sd` of six hexadecimal digits, or null. */
function sliceIn(settings: Settings): SNssai {
  const sst = settings.number('sst', [0, 255]);
  const sd = settings.textOrNull('sd', /^[0-9a-f]{6}$/iu);
  return { sst, ...(sd === null ? {} : { sd: Number.parseInt(sd, 16) }) };
}
