import type { Json } from '../../../src/kernel/json.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import { hostFor, SettingsReader } from '../settings.ts';
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
  readonly dnn: string;
}

/** What the process is started with: a JSON file of this shape. Keys are in files of their own. */
export interface AmfConfig {
  readonly settings: AmfSimulatorSettings;
  readonly defects: readonly string[];
  readonly subscribers: readonly SubscriberFile[];
}

const DEFAULTS = {
  host: null,
  port: NGAP_PORT,
  transport: 'ts-udp',
  udpPort: 0,
  n3Host: null,
  subscribers: 4,
  plmn: DEFAULT_AMF.plmn,
  tac: 1,
  maxAssociations: 8,
  answerWithinMs: 3_000,
  dnn: 'internet',
} as const satisfies Record<string, Json>;

/** @throws HarnessError INPUT_INVALID naming the setting */
export function readSettings(given: Readonly<Record<string, Json>>): AmfSimulatorSettings {
  const reader = new SettingsReader('AMF simulator', { given, defaults: DEFAULTS });
  const transport = reader.text('transport');
  const n3Host = reader.get('n3Host');
  return {
    ...DEFAULT_AMF,
    plmn: reader.matching('plmn', [/^\d{5,6}$/u, 'five or six digits']),
    tacs: [reader.number('tac', [0, 0xff_ffff])],
    host: hostFor(transport, reader.get('host')),
    transport,
    port: reader.number('port', [1, 65_535]),
    udpPort: reader.number('udpPort', [0, 65_535]),
    n3Host: typeof n3Host === 'string' ? n3Host : null,
    subscribers: reader.number('subscribers', [1, 1_000]),
    maxAssociations: reader.number('maxAssociations', [1, 1_024]),
    answerWithinMs: reader.number('answerWithinMs', [10, 600_000]),
    dnn: reader.text('dnn'),
  };
}
