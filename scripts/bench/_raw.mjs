// One part of the house by itself, in a process of its own: asked by one message, answers by one.
import { fork } from 'node:child_process';
import { once } from 'node:events';

const dist = new URL('../../dist/', import.meta.url);
const load = (path) => import(new URL(path, dist));
const READY_WITHIN_MS = 30_000;
const SILENT = { child: () => SILENT, debug() {}, info() {}, warn() {}, error() {} };

const MEASURES = { parts, redisJobs };

process.once('message', async (request) => {
  process.send(await MEASURES[request.measure](request), () => process.disconnect());
});
process.on('disconnect', () => process.exit(0));

/** Everything that is measured on the store of a house, after its campaign. */
function parts({ place, campaign, batch, count }) {
  return withStore(place, async (pool) => {
    const rows = await recordsOf(pool, campaign);
    return {
      stored: await stored(pool, campaign),
      grpc: await grpc(rows),
      insert: await insert(pool, rows, batch),
      addToRunMs: await addToRun(pool, count),
    };
  });
}

async function withStore(place, work) {
  const { openStore } = await load('src/adapters/store-sql/open-store.js');
  const store = await openStore({ ...place, log: SILENT, clock: { now: () => Date.now() } });
  try {
    return await work(store.pool);
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

/** What the store holds of a campaign, and when its last run became final. */
async function stored(pool, campaign) {
  const { rows: runs } = await pool.query('select state, life from patchbay.run where campaign = $1', [
    campaign,
  ]);
  const { rows } = await pool.query(
    `select count(*)::int as judged, count(*) filter (where finding = 'pass')::int as passed
     from patchbay.case_record c join patchbay.run r on r.id = c.run where r.campaign = $1 and c.seq is not null`,
    [campaign],
  );
  return {
    ...rows[0],
    runs: runs.length,
    openRuns: runs.filter(({ state }) => state !== 'final').length,
    finalAt: Math.max(...runs.map(({ life }) => life.since)),
  };
}

async function recordsOf(pool, campaign) {
  const { rows } = await pool.query(
    `select c.run, c.seq, c.organisation, c.case_id, c.finding, c.doc from patchbay.case_record c
     join patchbay.run r on r.id = c.run where r.campaign = $1 order by c.run, c.seq`,
    [campaign],
  );
  return rows;
}

/** The rows of the campaign once more, under other names: so many to a transaction, each durable before the next. */
async function insert(pool, rows, batch) {
  const client = await pool.connect();
  const startedAt = performance.now();
  for (let at = 0; at < rows.length; at += batch) await insertBatch(client, rows.slice(at, at + batch));
  const seconds = (performance.now() - startedAt) / 1000;
  client.release();
  return { rowsPerSecond: rows.length / seconds };
}

async function insertBatch(client, rows) {
  await client.query('begin');
  await client.query(
    `insert into patchbay.case_record (run, seq, organisation, case_id, finding, doc)
     select * from rows from (unnest($1::text[]), unnest($2::int[]), unnest($3::text[]), unnest($4::text[]),
       unnest($5::text[]), json_array_elements($6::json)) g`,
    [
      rows.map(({ run }) => `raw-${run}`),
      rows.map(({ seq }) => seq),
      rows.map(({ organisation }) => organisation),
      rows.map(({ case_id }) => case_id),
      rows.map(({ finding }) => finding),
      JSON.stringify(rows.map(({ doc }) => doc)),
    ],
  );
  await client.query('commit');
}

/** The observations of each case as one message, as they come from a runner, to a server that only counts them. */
async function grpc(rows) {
  const messages = await encode(rows);
  const server = fork(new URL('_raw-grpc-server.mjs', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ port, ca, key, chain }] = await once(server, 'message');
  const { Client, credentials } = await import('@grpc/grpc-js');
  const pem = (text) => Buffer.from(text);
  const client = new Client(`localhost:${port}`, credentials.createSsl(pem(ca), pem(key), pem(chain)));
  await new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + READY_WITHIN_MS, (error) => (error ? reject(error) : resolve()));
  });
  const same = (bytes) => bytes;
  const call = client.makeBidiStreamRequest('/bench.Raw/Count', same, same);
  const drained = () => once(call, 'drain');
  const counted = once(call, 'data');
  const startedAt = performance.now();
  for (const message of messages) if (!call.write(message)) await drained();
  call.end();
  const [answer] = await counted;
  const seconds = (performance.now() - startedAt) / 1000;
  // That the line goes down with the server is no news.
  call.on('error', () => undefined);
  client.close();
  server.kill();
  if (answer.readUInt32BE(0) !== messages.length) throw new Error('messages were lost');
  const bytesPerCase = Math.round(messages.reduce((sum, { length }) => sum + length, 0) / messages.length);
  return { casesPerSecond: messages.length / seconds, bytesPerCase };
}

async function encode(rows) {
  const [{ observationCodec }, { attachRequestCodec }] = await Promise.all([
    load('src/contract/observation-codec.js'),
    load('src/contract/attach-codec.js'),
  ]);
  return rows.map(({ run, seq, doc: record }) => {
    const ref = { run, fence: record.fence };
    const codec = observationCodec(ref);
    const at = Date.parse(record.startedAt);
    const encoded = [
      codec.render({ seq: seq - 1, at, kind: 'caseStarted', case: record.case }),
      codec.render({ seq, at, kind: 'caseRecord', record }),
    ];
    return Buffer.from(attachRequestCodec.render({ kind: 'spooled', ...ref, encoded }));
  });
}

/** BullMQ on the same store: milliseconds from `add` until the worker runs the job, one after the other. */
async function addToRun(pool, count) {
  const { createPostgresBackend, Queue, Worker } = await import('bullmq');
  const queue = new Queue('bench', { connection: pool }, createPostgresBackend);
  let heard = () => undefined;
  const process = () => Promise.resolve(heard(performance.now()));
  const worker = new Worker('bench', process, { connection: pool }, createPostgresBackend);
  await worker.waitUntilReady();
  const waits = [];
  for (let n = 0; n < count; n += 1) {
    const ran = new Promise((resolve) => (heard = resolve));
    const addedAt = performance.now();
    await queue.add('nothing', {}, { removeOnComplete: true });
    waits.push((await ran) - addedAt);
  }
  await worker.close();
  await queue.close();
  return waits;
}

/** Empty jobs that are already in the queue, processed by one worker; and the wait of single ones. */
async function redisJobs({ url, jobs, concurrency }) {
  const { Queue, Worker } = await import('bullmq');
  const { hostname: host, port } = new URL(url);
  const connection = { host, port: Number(port), maxRetriesPerRequest: null };
  const queue = new Queue('bench', { connection });
  await queue.waitUntilReady();
  const addToRunMs = [];
  let heard = () => undefined;
  const process = () => Promise.resolve(heard(performance.now()));
  const worker = new Worker('bench', process, { connection, concurrency });
  await worker.waitUntilReady();
  for (let n = 0; n < 100; n += 1) {
    const ran = new Promise((resolve) => (heard = resolve));
    const addedAt = performance.now();
    await queue.add('nothing', {}, { removeOnComplete: true });
    addToRunMs.push((await ran) - addedAt);
  }
  await worker.pause();
  const all = Array.from({ length: jobs }, () => ({
    name: 'nothing',
    data: {},
    opts: { removeOnComplete: true },
  }));
  for (let at = 0; at < jobs; at += 1000) await queue.addBulk(all.slice(at, at + 1000));
  let done = 0;
  const finished = new Promise((resolve) => {
    worker.on('completed', () => (done += 1) === jobs && resolve());
  });
  const startedAt = performance.now();
  worker.resume();
  await finished;
  const seconds = (performance.now() - startedAt) / 1000;
  await worker.close();
  await queue.close();
  const { percentiles } = await import('./_house.mjs');
  return { emptyJobsPerSecond: Math.round(jobs / seconds), addToRunMs: percentiles(addToRunMs) };
}
