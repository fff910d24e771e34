import type { Json } from '../../../src/kernel/json.ts';
import { E1AP_PORT } from '../../interfaces/e1ap/codec.ts';
import { F1AP_PORT } from '../../interfaces/f1ap/codec.ts';
import { hostFor, PLMN, Settings, WHOLE } from '../settings.ts';

/** Of its gNB ID. */
export const GNB_BITS = 22;

/** What may stand under `simulator.settings` of an equipment file. */
export interface CuCpSettings {
  /** Address to listen on. Default 127.0.0.1, on raw IP 127.0.0.2. */
  readonly host: string;
  /** As in an equipment file. Default `ts-udp`. */
  readonly transport: string;
  /** Port of UDP; 0, the default, takes a free one. */
  readonly udpPort: number;
  /** SCTP ports. Default 38472 and 38462. */
  readonly f1Port: number;
  readonly e1Port: number;
  /** Number of the gNB, 22 bits. Default 1. */
  readonly gnb: number;
  readonly plmn: string;
  readonly tac: number;
  readonly sst: number;
  /** Whether it takes a gNB-DU only while an AMF serves it. Default false. */
  readonly needsNg: boolean;
  /** On each of F1 and E1, more are refused. Default 8. */
  readonly maxAssociations: number;
  /** How long it waits for answers, in ms. Default 3000. */
  readonly answerWithinMs: number;
}

/** What the process is started with: a JSON file of this shape. */
export interface CuCpConfig extends CuCpSettings {
  readonly defects: readonly string[];
}

const DEFAULTS = {
  host: null,
  transport: 'ts-udp',
  udpPort: 0,
  f1Port: F1AP_PORT,
  e1Port: E1AP_PORT,
  gnb: 1,
  plmn: '00101',
  tac: 7,
  sst: 1,
  needsNg: false,
  maxAssociations: 8,
  answerWithinMs: 3_000,
} as const satisfies Record<keyof CuCpSettings, Json>;

/** @throws HarnessError INPUT_INVALID naming the setting */
export function readSettings(given: Readonly<Record<string, Json>>): CuCpSettings {
  const settings = new Settings('o-cu-cp', DEFAULTS, given);
  const transport = settings.text('transport');
  return {
    host: hostFor(settings.textOrNull('host'), transport),
    transport,
    udpPort: settings.number('udpPort', WHOLE.udpPort),
    f1Port: settings.number('f1Port', WHOLE.port),
    e1Port: settings.number('e1Port', WHOLE.port),
    gnb: settings.number('gnb', [0, 2 ** GNB_BITS - 1]),
    plmn: settings.text('plmn', PLMN),
    tac: settings.number('tac', WHOLE.bits24),
    sst: settings.number('sst', [0, 255]),
    needsNg: settings.flag('needsNg'),
    maxAssociations: settings.number('maxAssociations', [1, 1_024]),
    answerWithinMs: settings.number('answerWithinMs', [10, 600_000]),
  };
}
