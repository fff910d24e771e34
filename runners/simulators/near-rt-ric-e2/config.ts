import { HarnessError } from '../../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { E2_PORT } from '../../interfaces/e2/port.ts';
import { KPM_VERSIONS, type KpmVersion } from '../../interfaces/e2sm/kpm/types.ts';
import { readOrder, type Order } from './orders.ts';

/** What may stand under `simulator.settings` of an equipment file. */
export interface E2RicSettings {
  /** Address to listen on. Default 127.0.0.1, on raw IP 127.0.0.2: the tester needs another one there. */
  readonly host: string;
  /** SCTP port. Default 36421. */
  readonly port: number;
  /** As in an equipment file. Default `ts-udp`. */
  readonly transport: string;
  /** Port of UDP; 0, the default, takes a free one. */
  readonly udpPort: number;
  /** More are refused. Default 8. */
  readonly maxAssociations: number;
  /** More are thrown away, for each node. Default 50. */
  readonly maxIndicationsPerS: number;
  /** Which E2SM-KPM it speaks: the time stamp of v2 has 4 octets, that of v3 has 8. Default `v3`. */
  readonly kpm: KpmVersion;
  /** How long it waits for answers, in ms. Default 3000. */
  readonly answerWithinMs: number;
  /** What its application does as soon as a node has set up, in this order. Default: nothing. */
  readonly script: readonly Order[];
}

/** What the process is started with: a JSON file of this shape. */
export interface E2RicConfig extends E2RicSettings {
  readonly defects: readonly string[];
}

const DEFAULTS = {
  host: null,
  port: E2_PORT,
  transport: 'ts-udp',
  udpPort: 0,
  maxAssociations: 8,
  maxIndicationsPerS: 50,
  kpm: 'v3',
  answerWithinMs: 3_000,
  script: [],
} as const satisfies Record<keyof E2RicSettings, Json>;

/** @throws HarnessError INPUT_INVALID naming the setting */
export function readSettings(given: Readonly<Record<string, Json>>): E2RicSettings {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(DEFAULTS, name));
  if (unknown !== undefined) throw wrong(unknown, 'none that it has');
  const settings: Readonly<Record<string, Json>> = { ...DEFAULTS, ...given };
  const transport = textIn(settings, 'transport');
  const { script } = settings;
  if (!Array.isArray(script)) throw wrong('script', 'a list of orders');
  return {
    host:
      settings['host'] === null
        ? transport.endsWith('-raw')
          ? '127.0.0.2'
          : '127.0.0.1'
        : textIn(settings, 'host'),
    transport,
    kpm: kpmIn(settings['kpm']),
    port: numberIn(settings, 'port', [1, 65_535]),
    udpPort: numberIn(settings, 'udpPort', [0, 65_535]),
    maxAssociations: numberIn(settings, 'maxAssociations', [1, 1_024]),
    maxIndicationsPerS: numberIn(settings, 'maxIndicationsPerS', [1, 100_000]),
    answerWithinMs: numberIn(settings, 'answerWithinMs', [10, 600_000]),
    script: (script as readonly Json[]).map(orderIn),
  };
}

function orderIn(given: Json): Order {
  const order = isJsonObject(given) ? readOrder(given) : undefined;
  if (order === undefined) throw wrong('script', 'a list of orders, each an object with a known action');
  return order;
}

function kpmIn(given: Json | undefined): KpmVersion {
  const version = KPM_VERSIONS.find((each) => each === given);
  if (version === undefined) throw wrong('kpm', KPM_VERSIONS.join(' or '));
  return version;
}

function textIn(settings: Readonly<Record<string, Json>>, name: keyof E2RicSettings): string {
  const value = settings[name];
  if (typeof value !== 'string' || value === '') throw wrong(name, 'text');
  return value;
}

function numberIn(
  settings: Readonly<Record<string, Json>>,
  name: keyof E2RicSettings,
  [min, max]: readonly [number, number],
): number {
  const value = settings[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw wrong(name, `${min} to ${max}`);
  return value;
}

function wrong(name: string, wanted: string): HarnessError {
  return new HarnessError(
    'INPUT_INVALID',
    `setting ${name} of the near-RT RIC simulator for E2 must be ${wanted}`,
  );
}
