import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { cellOfGnb, MOST_CELLS, type XnGnb } from '../../interfaces/xnap/node.ts';
import { XNAP_PORT } from '../../interfaces/xnap/codec.ts';

/** What may stand under `simulator.settings` of an equipment file, with what holds when it does not. */
export interface XnGnbSettings {
  /** Default `00101`. */
  readonly plmn: string;
  /** Number of the gNB, 32 bits. Default 1. */
  readonly gnb: number;
  /** Tracking area of its cells, 24 bits. Default 1. */
  readonly tac: number;
  /** 1 to 16. Default 2. */
  readonly cells: number;
  /** Type of the one slice that it has, 0 to 255. Default 1. */
  readonly sst: number;
  /** Region of its AMF, 8 bits. Default 1. */
  readonly amfRegion: number;
  /** UEs that are connected when it starts; the last one is inactive. 2 to 64. Default 8. */
  readonly ues: number;
  /** Its own address, an IPv4 one. Default 127.0.0.1. */
  readonly host: string;
  /** SCTP port on which it listens. Default 38422. */
  readonly port: number;
  /** How SCTP travels, as `endpoint.transport` of an equipment file has it. Default `ts-udp`. */
  readonly transport: string;
  /** Port of UDP; 0, the default, takes a free one. */
  readonly udpPort: number;
  /** Associations of others; more are refused. Default 8. */
  readonly maxAssociations: number;
  /** Pause before it tries again what has failed, unless it was told how long to wait. In ms; default 1000. */
  readonly retryMs: number;
  /** How long it waits for an answer, in ms; default 3000. */
  readonly answerWithinMs: number;
  /** TXnRELOCprep, in ms; default 1000. */
  readonly prepareWithinMs: number;
  /** TXnRELOCoverall, in ms; default 2000. */
  readonly overallWithinMs: number;
}

const NUMBERS = {
  gnb: [1, 0, 2 ** 32 - 1],
  tac: [1, 0, 2 ** 24 - 1],
  cells: [2, 1, MOST_CELLS],
  sst: [1, 0, 255],
  amfRegion: [1, 0, 255],
  ues: [8, 2, 64],
  port: [XNAP_PORT, 1, 65_535],
  udpPort: [0, 0, 65_535],
  maxAssociations: [8, 1, 1_024],
  retryMs: [1_000, 10, 600_000],
  answerWithinMs: [3_000, 10, 600_000],
  prepareWithinMs: [1_000, 10, 600_000],
  overallWithinMs: [2_000, 10, 600_000],
} as const satisfies Readonly<Record<string, readonly [usual: number, least: number, most: number]>>;

type NumberName = keyof typeof NUMBERS;

/** @throws HarnessError INPUT_INVALID naming the first setting that is wrong or does not exist */
export function readSettings(
  settings: Readonly<Record<string, Json>>,
  defaults: Partial<XnGnbSettings> = {},
): XnGnbSettings {
  const given = { ...defaults, ...settings };
  const { plmn = '00101', host = '127.0.0.1', transport = 'ts-udp', ...rest } = given;
  const unknown = Object.keys(rest).find((name) => !Object.hasOwn(NUMBERS, name));
  if (unknown !== undefined) throw wrong(unknown, 'nothing: there is no such setting');
  if (typeof plmn !== 'string' || !/^\d{5,6}$/u.test(plmn)) throw wrong('plmn', 'five or six digits');
  if (typeof host !== 'string') throw wrong('host', 'an address');
  if (typeof transport !== 'string') throw wrong('transport', 'the name of a transport');
  const numbers = (Object.keys(NUMBERS) as NumberName[]).map((name) => [name, wholeIn(rest, name)]);
  return { plmn, host, transport, ...(Object.fromEntries(numbers) as Record<NumberName, number>) };
}

function wholeIn(given: Readonly<Record<string, Json | undefined>>, name: NumberName): number {
  const [usual, least, most] = NUMBERS[name];
  const value = given[name] ?? usual;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(name, `a whole number from ${least} to ${most}`);
}

function wrong(name: string, wanted: string): HarnessError {
  return new HarnessError('INPUT_INVALID', `setting ${name} of the Xn simulator must be ${wanted}`);
}

/** The node that the settings describe. */
export function gnbOf({ plmn, gnb: id, tac, cells, sst, amfRegion }: XnGnbSettings): XnGnb {
  const own = Array.from({ length: cells }, (_, index) => cellOfGnb({ plmn, id, tac }, index));
  return { plmn, id, amfRegion, slices: [{ sst }], cells: own };
}
