import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { E2AP_PPID } from '../../runners/interfaces/e2/codec.ts';
import { scratchFolder } from '../support/scratch.ts';
import { UDP_PORT } from './capture.ts';
import { type Command, dissected, type Dissected } from './dissect.ts';
import { NAMES } from './every-message.ts';
import { EXPECTED_WARNINGS, findable } from './known.ts';
import { PUBLISHED_PARTS } from './model-messages.ts';
import { expectedOf, type Saying } from './saying.ts';

/** A tshark in a tree of its own. */
export interface Tshark {
  readonly command: Command;
  /** The tree as we see it. */
  readonly root: string;
  /** Procedures of E2AP by their codes, as tshark calls them. */
  readonly procedures: ReadonlyMap<number, string>;
}

type Sent = Omit<Saying, 'by'>;

/** What speaks against the messages in a capture, one sentence each; nothing when tshark agrees with us about all of them. */
export async function faultsFound(
  tshark: Tshark,
  capture: Uint8Array,
  sent: readonly Sent[],
): Promise<readonly string[]> {
  await using folder = await scratchFolder(join(tshark.root, 'tmp'));
  await chmod(folder.path, 0o755);
  const file = join(folder.path, 'e2.pcapng');
  await writeFile(file, capture);
  const names = [...NAMES, ...PUBLISHED_PARTS];
  const rows = await dissected(tshark.command, file.slice(tshark.root.length), { udpPort: UDP_PORT, names });
  const count =
    rows.length === sent.length ? [] : [`tshark sees ${rows.length} messages and we sent ${sent.length}`];
  return [...count, ...sent.flatMap((one, index) => faultsOf(one, rows[index], tshark))];
}

function faultsOf(sent: Sent, row: Dissected | undefined, { procedures }: Tshark): readonly string[] {
  if (row === undefined) return [];
  const expected = sent.expected ?? findable(expectedOf(sent.bytes));
  const wanted = [...(expected.name === null ? [] : [expected.name]), ...(sent.parts ?? [])];
  const missing = wanted.filter((name) => !row.recognised.includes(name));
  const faults = [
    ...row.remarks.filter((text) => !EXPECTED_WARNINGS.some((known) => known.test(text))),
    ...missing.map((name) => `${name} is not recognised`),
    ...differs('payload protocol identifier', row.ppid, E2AP_PPID),
    ...differs('procedure', procedures.get(row.procedure), expected.procedure),
    ...differs('kind', row.kind, expected.kind),
    ...differs('elements', row.ids.join(' '), expected.ids.join(' ')),
  ];
  const title = `frame ${row.frame}, ${expected.name ?? expected.procedure}`;
  const octets = Buffer.from(sent.bytes.subarray(0, 200)).toString('hex');
  return faults.map((fault) => `${title}: ${fault} (${octets})`);
}

function differs(what: string, theirs: unknown, ours: unknown): readonly string[] {
  return theirs === ours ? [] : [`${what} is ${String(theirs)} for tshark and ${String(ours)} for us`];
}
