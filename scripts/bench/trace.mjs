// npm run bench -- trace [--bytes N] [--seed N] [--plan ID] [--file FILE] [--no-tshark]
// Makes a capture of N bytes (default 1 GB) of what a lab of products says over NGAP, F1AP, E1AP, XnAP and E2AP, the same for the same seed, judges it by
// the code of `patchbay trace judge`, by the properties of a plan or all that there are. Then tshark dissects the same file and prints, to nowhere, what
// a judge has to know of each message: no tree is printed, no property judged, so that it has the least to do with which it could be one.
// Rates are by the clock on the wall and by CPU time of all threads, user and system, which does not depend on what else the machine does.
// Memory is what is resident of the process that judges, at each quarter of the file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judgeCapture, programsOf } from '../../dist/src/app/judge-trace.js';
import { cpuMs } from './_cpu.mjs';
import { round, say } from './_house.mjs';
import { WrongUse } from './_wrong-use.mjs';

const WRITER = fileURLToPath(new URL('../../test/support/signalling/write-file.ts', import.meta.url));
const QUARTERS = [0.25, 0.5, 0.75, 1];
const LOOK_EVERY_MS = 50;
/** What a judge has to know of a message: its procedure, and whose it is. */
const FIELDS = [
  ...['ngap.procedureCode', 'ngap.AMF_UE_NGAP_ID', 'ngap.RAN_UE_NGAP_ID'],
  ...['f1ap.procedureCode', 'f1ap.GNB_CU_UE_F1AP_ID', 'f1ap.GNB_DU_UE_F1AP_ID', 'f1ap.TransactionID'],
  ...['e1ap.procedureCode', 'e1ap.GNB_CU_CP_UE_E1AP_ID', 'e1ap.GNB_CU_UP_UE_E1AP_ID', 'e1ap.TransactionID'],
  ...['xnap.procedureCode', 'xnap.NG_RANnodeUEXnAPID'],
  ...['e2ap.procedureCode', 'e2ap.ricRequestorID', 'e2ap.ricInstanceID'],
];

export async function run(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      bytes: { type: 'string', default: '1000000000' },
      seed: { type: 'string', default: '1' },
      plan: { type: 'string' },
      file: { type: 'string' },
      'no-tshark': { type: 'boolean', default: false },
    },
  });
  const [bytes, seed] = [Number(values.bytes), Number(values.seed)];
  if (!Number.isInteger(bytes) || bytes < 100_000) throw new WrongUse('--bytes: at least 100000');
  if (!Number.isInteger(seed)) throw new WrongUse(`--seed: ${values.seed} is no number`);
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-bench-trace-'));
  try {
    const file = values.file ?? join(folder, 'lab.pcapng');
    if (values.file === undefined) await written(file, { bytes, seed });
    const judged = await measured(file, values.plan);
    const tshark = values['no-tshark'] ? null : await dissected(file, judged.frames);
    return { ...judged, tshark, ratios: tshark === null ? null : ratiosOf(judged, tshark) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function written(file, { bytes, seed }) {
  say(`writing ${bytes} bytes`);
  const args = ['--import', 'tsx', WRITER, file, String(bytes), String(seed)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`writing the capture ended with ${code}`);
}

async function measured(file, plan) {
  say('judging');
  const { size } = statSync(file);
  const programs = await programsOf(plan);
  const rssMB = [];
  let highestMB = 0;
  const onProgress = (read) => {
    const now = round(process.memoryUsage.rss() / 1e6);
    highestMB = Math.max(highestMB, now);
    while (rssMB.length < QUARTERS.length && read >= size * QUARTERS[rssMB.length]) rssMB.push(now);
  };
  const [start, startCpuMs] = [performance.now(), cpuMs()];
  const { findings, counts, messages } = await judgeCapture(file, {
    ...{ programs, signal: new AbortController().signal, onProgress },
  });
  const spent = { wallSeconds: (performance.now() - start) / 1e3, cpuSeconds: (cpuMs() - startCpuMs) / 1e3 };
  const verdicts = {};
  for (const { verdict } of findings) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  return {
    ...{ bytes: size, frames: counts.frames, messages, associations: counts.associations },
    ...{ properties: findings.length, verdicts, missing: counts.missing },
    ...ratesOf(spent, { frames: counts.frames, size }),
    rssMB: { quarters: rssMB, highest: highestMB },
  };
}

/** `null` where it is not installed. */
async function dissected(file, frames) {
  say('tshark');
  const args = ['-n', '-r', file, '-d', 'sctp.port==36421,e2ap', '-T', 'fields'];
  const child = spawn('tshark', [...args, ...FIELDS.flatMap((field) => ['-e', field])], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const start = performance.now();
  let used = { peakMB: 0, cpuSeconds: 0 };
  const watch = setInterval(() => {
    used = usedBy(child.pid) ?? used;
  }, LOOK_EVERY_MS);
  try {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`tshark ended with ${code}`);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  } finally {
    clearInterval(watch);
  }
  const { peakMB, cpuSeconds } = used;
  const wallSeconds = (performance.now() - start) / 1_000;
  return { ...ratesOf({ wallSeconds, cpuSeconds }, { frames, size: statSync(file).size }), peakMB };
}

function ratesOf({ wallSeconds, cpuSeconds }, { frames, size }) {
  return {
    ...{ wallSeconds: round(wallSeconds), cpuSeconds: round(cpuSeconds) },
    packetsPerSecond: Math.round(frames / wallSeconds),
    mbPerSecond: round(size / 1e6 / wallSeconds),
    packetsPerCpuSecond: Math.round(frames / cpuSeconds),
  };
}

function ratiosOf(judged, tshark) {
  return {
    toTsharkByWall: round(judged.packetsPerSecond / tshark.packetsPerSecond),
    toTsharkByCpu: round(judged.packetsPerCpuSecond / tshark.packetsPerCpuSecond),
  };
}

/** What a process has used so far; `undefined` once it has ended. */
function usedBy(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (kilobytes === undefined) return undefined;
    // Behind the name, which stands in brackets: user and system are the 12th and 13th, in hundredths.
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return { peakMB: round(Number(kilobytes) / 1_000), cpuSeconds: (Number(user) + Number(system)) / 100 };
  } catch {
    return undefined;
  }
}
