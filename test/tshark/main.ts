/**
 * `npm run golden:tshark -- [--rootfs DIR] [--values N] [--seed S]`: lets tshark 4.4 of Debian trixie read every message that we make. Of E2AP
 * each message of each procedure, N random ones (default 2,000), KPM v2 and v3 and RC in them, and a whole conversation; of NGAP, F1AP, E1AP and XnAP
 * N random ones each. All goes over our own SCTP in UDP. It lives in a tree of its own, made with debootstrap when DIR (default: `~/.cache/patchbay/trixie-tshark`) holds none; that needs root.
 * The last line on standard output is JSON. The exit code is 0 when tshark finds no fault and agrees about every message, 1 when not, 2 for a wrong
 * call, 3 when tshark is not there and cannot be made.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readMessages } from '../support/capture/read.ts';
import { tappedPair } from '../support/capture/tapped-pair.ts';
import { e2Conversation } from '../support/e2/conversation.ts';
import { PROTOCOLS_UNDER_TEST } from '../support/ap/protocols.ts';
import { faultsInProtocol } from './application-protocol.ts';
import { captureOf, UDP_PORT } from './capture.ts';
import { procedureNames, versionOf } from './dissect.ts';
import { everyMessage, randomMessages } from './every-message.ts';
import { faultsFound, type Tshark } from './judge.ts';
import { KNOWN, withReadable } from './known.ts';
import { modelMessages } from './model-messages.ts';
import { defaultRoot, tsharkIn, whyMissing } from './rootfs.ts';
import { expectedOf, type Saying } from './saying.ts';

const SHOWN_FAULTS = 20;
const MISSING = 3;

const { values } = parseArgs({
  options: {
    rootfs: { type: 'string', default: defaultRoot() },
    values: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
});
const [count, seed] = [Number(values.values), Number(values.seed)];
const root = resolve(values.rootfs);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed) || isInRepository(root)) {
  process.stderr.write(
    'usage: npm run golden:tshark -- [--rootfs DIR outside the repository] [--values N] [--seed S]\n',
  );
  process.exit(2);
}
const missing = whyMissing(root);
if (missing !== undefined) {
  finish({ skipped: missing }, MISSING);
  process.exit();
}
const startedAt = performance.now();
const command = await tsharkIn(root);
const tshark: Tshark = { command, root, procedures: await procedureNames(command) };
const results = {
  everyMessage: await judged(everyMessage()),
  random: await judged(randomMessages(count, seed)),
  kpmV2: await judged(modelMessages('v2', Math.ceil(count / 20), seed)),
  kpmV3AndRc: await judged(modelMessages('v3', Math.ceil(count / 20), seed)),
  conversation: await judgedConversation(),
  ...(await judgedProtocols()),
};
const isBlind = await findsNothing();
if (isBlind) process.stderr.write('a message that breaks off is found right: this tshark shows nothing\n');
const faults = Object.values(results).reduce((sum, each) => sum + each.faults, isBlind ? 1 : 0);
for (const each of KNOWN) process.stderr.write(`known: ${each}\n`);
const durationMs = Math.round(performance.now() - startedAt);
finish(
  { tshark: await versionOf(command), ...results, known: KNOWN.length, faults, durationMs },
  faults === 0 ? 0 : 1,
);

async function judged(made: readonly Saying[]): Promise<{ messages: number; faults: number }> {
  const sayings = withReadable(made);
  return reported(sayings.length, await faultsFound(tshark, await captureOf(sayings), sayings));
}

/** Random messages of the other protocols. */
async function judgedProtocols(): Promise<Readonly<Record<string, { messages: number; faults: number }>>> {
  const judgements: Record<string, { messages: number; faults: number }> = {};
  for (const protocol of PROTOCOLS_UNDER_TEST)
    judgements[protocol.name] = reported(count, await faultsInProtocol(tshark, protocol, { count, seed }));
  return judgements;
}

/** What was said is taken from the capture, as our own reader has it. */
async function judgedConversation(): Promise<{ messages: number; faults: number }> {
  const { client, server, finish: captures } = await tappedPair({ udpPorts: [UDP_PORT, UDP_PORT] });
  await e2Conversation(client, server);
  const [capture] = await captures();
  const { messages } = readMessages(capture);
  return reported(messages.length, await faultsFound(tshark, capture, messages));
}

async function findsNothing(): Promise<boolean> {
  const [whole] = everyMessage();
  if (whole === undefined) return true;
  const broken = { ...whole, bytes: whole.bytes.slice(0, -3), expected: expectedOf(whole.bytes) };
  return (await faultsFound(tshark, await captureOf([broken]), [broken])).length === 0;
}

function reported(messages: number, found: readonly string[]): { messages: number; faults: number } {
  for (const fault of found.slice(0, SHOWN_FAULTS)) process.stderr.write(`${fault}\n`);
  if (found.length > SHOWN_FAULTS) process.stderr.write(`and ${found.length - SHOWN_FAULTS} more\n`);
  return { messages, faults: found.length };
}

function finish(facts: Readonly<Record<string, unknown>>, exitCode: number): void {
  process.stdout.write(`${JSON.stringify({ golden: 'tshark', ...facts })}\n`);
  process.exitCode = exitCode;
}

function isInRepository(folder: string): boolean {
  return `${folder}/`.startsWith(fileURLToPath(new URL('../../', import.meta.url)));
}
