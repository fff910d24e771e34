import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KINDS } from '../../runners/interfaces/ap/types.ts';
import { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';
import { isObject } from '../../runners/interfaces/per/values.ts';
import { protocolCalled } from '../../runners/interfaces/trace/protocols.ts';
import type { ProtocolUnderTest } from '../support/ap/protocols.ts';
import { scratchFolder } from '../support/scratch.ts';
import { captureOf, UDP_PORT } from './capture.ts';
import { BETWEEN, run, WARNING } from './dissect.ts';
import type { Tshark } from './judge.ts';
import { plainOctets } from './plain-octets.ts';

/** A message of one of the protocols, and what our own decoder knows of it. */
interface Sent {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly code: number;
  readonly kind: number;
  /** Identifiers of the elements of the message. */
  readonly own: readonly number[];
  /** Those of all elements, also in lists and extensions. */
  readonly all: readonly number[];
}

/** It warns of numbers beyond the root of a type that may be extended. */
const EXPECTED = /^Size constraint: value too big: \d+/u;
/** Larger ones show nothing that smaller ones do not. */
const MOST_OCTETS = 2_000;

/** What speaks against random messages of a protocol, one sentence each; nothing when tshark agrees with us about all of them. */
export async function faultsInProtocol(
  tshark: Pick<Tshark, 'command' | 'root'>,
  protocol: ProtocolUnderTest,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<readonly string[]> {
  const sent = Array.from({ length: count }, (_, index) => randomMessage(protocol, index, seed));
  const sayings = sent.map(({ bytes }) => ({ by: 'node', bytes }) as const);
  await using folder = await scratchFolder(`${tshark.root}/tmp`);
  await chmod(folder.path, 0o755);
  const file = join(folder.path, 'messages.pcapng');
  await writeFile(file, await captureOf(sayings, ppidOf(protocol)));
  const rows = await dissected(tshark, protocol.name, file.slice(tshark.root.length));
  const few = rows.length === count ? [] : [`tshark sees ${rows.length} of ${count} messages`];
  return [...few, ...sent.flatMap((one, index) => faultsOf(one, rows[index]))];
}

function ppidOf({ name }: ProtocolUnderTest): number {
  const [ppid] = protocolCalled(name)?.ppids ?? [];
  if (ppid === undefined) throw new Error(`nobody reads ${name}`);
  return ppid;
}

/** Messages in turn, the first ones with what must be there alone. */
function randomMessage(
  { schema, rules, codec, procedures, name }: ProtocolUnderTest,
  index: number,
  seed: number,
): Sent {
  const names = Object.values(procedures).flatMap((messages) => Object.values(messages));
  const message = names[index % names.length] ?? '';
  const rule = rules.message(message);
  const share = index < names.length ? 0 : 0.5;
  const types = schema.tables.get(`${name}.${message}-IEs/&Value`);
  for (let attempt = 0; ; attempt += 1) {
    const random = new RandomValues(schema, seed + index + attempt * 1_000_003);
    const elements = rule.elements.flatMap(({ id, criticality, presence }) => {
      const type = types?.get(String(id));
      if (type === undefined) throw new Error(`no type for element ${id} of ${message}`);
      if (presence !== 'mandatory' && random.unit() >= share) return [];
      return [{ id, criticality, value: random.value(type) }];
    });
    const [code, criticality] = [rule.code, rule.criticality];
    const value = { procedureCode: code, criticality, value: { protocolIEs: elements } };
    const pdu = { [PDU_NAMES[rule.kind]]: value };
    const bytes = codec.encodePdu(plainOctets(schema, codec.pduType, pdu));
    if (bytes.length > MOST_OCTETS) continue;
    const ids = { own: elements.map(({ id }) => id), all: idsIn(pdu) };
    return { bytes, name: message, code, kind: KINDS.indexOf(rule.kind), ...ids };
  }
}

const PDU_NAMES = {
  initiating: 'initiatingMessage',
  successful: 'successfulOutcome',
  unsuccessful: 'unsuccessfulOutcome',
} as const;

function idsIn(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (!isObject(value)) return [];
  const isElement = 'id' in value && 'criticality' in value && 'value' in value;
  return [...(isElement ? [Number(value['id'])] : []), ...Object.values(value).flatMap(idsIn)];
}

/** Those of the first that are not in the second, each as often as it is missing. */
function missingIn(some: readonly number[], others: readonly number[]): readonly number[] {
  const left = [...others];
  return some.filter((id) => {
    const at = left.indexOf(id);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

interface Row {
  readonly frame: string;
  readonly code: number;
  readonly kind: number;
  readonly ids: readonly number[];
  readonly remarks: readonly string[];
}

async function dissected(
  { command }: Pick<Tshark, 'command'>,
  name: string,
  capture: string,
): Promise<readonly Row[]> {
  const low = name.toLowerCase();
  const fields = ['frame.number', `${low}.procedureCode`, `${low}.${name}_PDU`, `${low}.id`];
  const experts = ['_ws.expert.severity', '_ws.expert.message'];
  const out = await run(command, [
    ...['-n', '-2', '-r', capture, '-d', `udp.port==${UDP_PORT},sctp`, '-Y', low],
    ...['-T', 'fields', '-E', `aggregator=${BETWEEN}`],
    ...[...fields, ...experts].flatMap((field) => ['-e', field]),
  ]);
  return out.split('\n').slice(0, -1).map(readRow);
}

function readRow(line: string): Row {
  const cells = line.split('\t').map((cell) => (cell === '' ? [] : cell.split(BETWEEN)));
  const [frame = [], codes = [], kinds = [], ids = [], severities = [], texts = []] = cells;
  return {
    frame: frame[0] ?? '',
    code: Number(codes[0]),
    kind: Number(kinds[0]),
    ids: ids.map(Number),
    remarks: severities
      .flatMap((severity, at) => (Number(severity) < WARNING ? [] : [texts[at] ?? '']))
      .filter((text) => !EXPECTED.test(text)),
  };
}

function faultsOf(sent: Sent, row: Row | undefined): readonly string[] {
  if (row === undefined) return [];
  // What an older tshark does not know it does not look into.
  const [hidden, invented] = [missingIn(sent.own, row.ids), missingIn(row.ids, sent.all)];
  const faults = [
    ...row.remarks,
    ...(row.code === sent.code && row.kind === sent.kind ? [] : ['it is another message for tshark']),
    ...(hidden.length === 0 ? [] : [`tshark does not see the elements ${hidden.join(' ')}`]),
    ...(invented.length === 0 ? [] : [`tshark sees elements ${invented.join(' ')} that are not there`]),
  ];
  const octets = Buffer.from(sent.bytes.subarray(0, 200)).toString('hex');
  return faults.map((fault) => `frame ${row.frame}, ${sent.name}: ${fault} (${octets})`);
}
