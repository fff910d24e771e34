import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How tshark is started: on this machine, or in a tree of its own. */
export type Command = readonly [program: string, ...args: readonly string[]];

/** A message of E2AP as tshark read it; one for each packet that ends one. */
export interface Dissected {
  readonly frame: number;
  readonly ppid: number;
  readonly procedure: number;
  readonly kind: number;
  /** Of the messages and parts that were asked for, those that it recognised. */
  readonly recognised: readonly string[];
  readonly ids: readonly number[];
  /** Its warnings and errors; packets that it calls malformed are errors. */
  readonly remarks: readonly string[];
}

/** Severity of Wireshark's experts from which on something may be wrong. */
export const WARNING = 0x600000;
/** No text of tshark has it. */
export const BETWEEN = '\u0001';
const FIELDS = [
  'frame.number',
  'sctp.data_payload_proto_id',
  'e2ap.procedureCode',
  'e2ap.E2AP_PDU',
  'e2ap.id',
  '_ws.expert.severity',
  '_ws.expert.message',
];

/** All messages of E2AP in a capture file. @param names of messages and parts, as the standard writes them */
export async function dissected(
  tshark: Command,
  capture: string,
  { udpPort, names }: { udpPort: number; names: readonly string[] },
): Promise<readonly Dissected[]> {
  const fields = [...FIELDS, ...names.flatMap(fieldsFor)];
  const out = await run(tshark, [
    // Only when it reads all of it a second time it has found out which service model a RAN function speaks.
    ...['-n', '-2', '-r', capture, '-d', `udp.port==${udpPort},sctp`, '-Y', 'e2ap'],
    ...['-T', 'fields', '-E', `aggregator=${BETWEEN}`, ...fields.flatMap((field) => ['-e', field])],
  ]);
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => readRow(line.split('\t'), names));
}

/** KPM v2 has a dissector of its own. */
function fieldsFor(name: string): readonly string[] {
  const field = `${name.replaceAll('-', '_')}_element`;
  return name.startsWith('E2SM-KPM') ? [`e2ap.${field}`, `kpm-v2.${field}`] : [`e2ap.${field}`];
}

function readRow(cells: readonly string[], names: readonly string[]): Dissected {
  const [frame = '', ppid = '', procedure = '', kind = '', ids = '', severities = '', texts = ''] = cells;
  const said = texts.split(BETWEEN);
  return {
    frame: Number(frame),
    ppid: Number(ppid),
    // The message itself comes first; what it diagnoses may name others.
    procedure: Number(procedure.split(BETWEEN)[0]),
    kind: Number(kind.split(BETWEEN)[0]),
    recognised: names
      .flatMap((name) => fieldsFor(name).map(() => name))
      .filter((_, index) => (cells[FIELDS.length + index] ?? '') !== ''),
    ids: ids === '' ? [] : ids.split(BETWEEN).map(Number),
    remarks: severities
      .split(BETWEEN)
      .flatMap((severity, index) => (Number(severity) < WARNING ? [] : [said[index] ?? ''])),
  };
}

/** The names that tshark has for the codes of procedures. */
export async function procedureNames(tshark: Command): Promise<ReadonlyMap<number, string>> {
  const values = await run(tshark, ['-G', 'values']);
  const rows = values.matchAll(/^V\te2ap\.procedureCode\t(\d+)\tid-(\S+)$/gmu);
  return new Map([...rows].map(([, code, name = '']) => [Number(code), name]));
}

export async function versionOf(tshark: Command): Promise<string> {
  return /\d+\.\d+\.\d+/u.exec(await run(tshark, ['--version']))?.[0] ?? 'of no version';
}

export async function run([program, ...first]: Command, args: readonly string[]): Promise<string> {
  const child = spawn(program, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`tshark ended with ${code}: ${errors.slice(-500)}`);
  return out;
}
