// What both ends of an exchange with the kernel do, and where they find each other. Needs a build.
const built = (name) => import(new URL(`../../dist/runners/interfaces/sctp/${name}.js`, import.meta.url));
export const { openSctp } = await built('open-sctp');

/** Where the kernel of the guest listens, and where our transports do. */
export const [KERNEL_PORT, OUR_PORT] = [36_421, 36_422];
/** Quick to try again: whoever is first waits for the other to boot. */
export const SETTINGS = { rtoInitialMs: 200, rtoMinMs: 100, rtoMaxMs: 1_000, maxInitRetransmits: 100 };
const WINDOW = 16;
const STREAMS = 4;
const TIME_LIMIT_MS = 60_000;

export async function connect(transport, to) {
  return transport.connect(to, { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
}

/** Sends messages of all sizes and wants each back as it was; then shuts down. The number of messages. */
export async function exchange(association, count) {
  const messages = association.messages[Symbol.asyncIterator]();
  for (let first = 0; first < count; first += WINDOW) {
    const sent = Array.from({ length: Math.min(WINDOW, count - first) }, (_, index) =>
      messageOf(first + index),
    );
    for (const { bytes, ...options } of sent) await association.send(bytes, options);
    const waiting = new Map(sent.map((message) => [message.ppid, message]));
    while (waiting.size > 0) {
      const { value: got, done } = await messages.next();
      if (done) throw new Error(`it ended before ${waiting.size} messages had come back`);
      const wanted = waiting.get(got.ppid);
      if (wanted?.stream !== got.stream || Buffer.compare(wanted.bytes, got.bytes) !== 0)
        throw new Error(`message ${got.ppid} on stream ${got.stream} is not what was sent`);
      waiting.delete(got.ppid);
    }
  }
  await association.close();
  await hasClosed(association);
  return count;
}

/** Gives back what comes until the peer shuts down. The number of messages. */
export async function echo(association) {
  let count = 0;
  for await (const { bytes, ppid, stream } of association.messages) {
    await association.send(bytes, { ppid, stream });
    count += 1;
  }
  await hasClosed(association);
  return count;
}

async function hasClosed({ events }) {
  let last;
  for await (const event of events) last = event;
  if (last?.type !== 'closed') throw new Error(`it ended with ${JSON.stringify(last)}`);
}

/** From one octet to some fragments. */
function messageOf(index) {
  const length = 1 + ((index * 977) % (index % 8 === 0 ? 20_000 : 1_400));
  return { bytes: Buffer.alloc(length, index & 0xff), ppid: index, stream: index % STREAMS };
}
