import { dirname } from 'node:path';
import type { Equipment } from '../../src/domain/equipment.ts';
import { deadline, pause } from '../../src/kernel/deadline.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import { launch, type OwnProcess } from '../sandbox/process.ts';
import type { Capture, CapturePort, CaptureRequest, NoCapture } from './execute-ports.ts';

export const CAPTURE_MEDIA_TYPE = 'application/x-pcapng';
const READY_WITHIN_MS = 5000;
/** The kernel hands packets over in blocks, at the latest after 250 ms. */
const SETTLE_MS = 500;
const MAX_FILE_KIB = 16 * 1024;
/**
 * Whole packets when all end points speak TLS, or a protocol of the RAN, whose messages carry no credentials. Bytes cannot
 * be redacted: when there is another one, only the headers are kept.
 */
const SNAP_WHOLE = 65_535;
const SNAP_HEADERS = 66;

export interface CaptureOptions {
  /** As `readTools` found it; undefined when it is not installed. */
  readonly dumpcap: string | undefined;
  /** The device that faces the equipment; end points on the loopback are captured without it. */
  readonly device?: string;
}

interface Point {
  readonly host: string;
  readonly port: number;
  readonly whole: boolean;
}

/** Captures by dumpcap, which is installed so that it may; Node itself cannot. */
export function makeCapture({ dumpcap, device }: CaptureOptions): CapturePort {
  return {
    async start({ subjects, file }: CaptureRequest, { signal }): Promise<Capture | NoCapture> {
      if (dumpcap === undefined)
        return { impossible: 'not captured: dumpcap is not installed on the runner' };
      const points = subjects.flatMap(pointsOf);
      if (points.length === 0) return { impossible: 'not captured: no end point is known' };
      const on = points.every(({ host }) => isLoopback(host)) ? 'lo' : device;
      if (on === undefined) return { impossible: 'not captured: the testbed names no device to capture on' };
      return startDumpcap({ on, points, file }, signal);
    },
  };
}

/** The end points under test, as address and port. */
export function pointsOf(subject: Equipment): readonly Point[] {
  return Object.values(subject.interfaces).flatMap(({ endpoint }) => {
    const { url, host, port } = endpoint;
    if (url === undefined) return host === undefined || port === undefined ? [] : { host, port, whole: true };
    if (!URL.canParse(url)) return [];
    const { hostname, port: given, protocol } = new URL(url);
    const tls = protocol === 'https:';
    return { host: hostname, port: given === '' ? (tls ? 443 : 80) : Number(given), whole: tls };
  });
}

async function startDumpcap(
  { on, points, file }: { on: string; points: readonly Point[]; file: string },
  signal: AbortSignal,
): Promise<Capture | NoCapture> {
  const ports = [...new Set(points.map(({ port }) => port))];
  const snap = points.every(({ whole }) => whole) ? SNAP_WHOLE : SNAP_HEADERS;
  const args = ['-i', on, '-f', ports.map((port) => `port ${port}`).join(' or ')];
  const limits = ['-s', `${snap}`, '-a', `filesize:${MAX_FILE_KIB}`, '-B', '4'];
  const own = await launch({
    file: 'dumpcap',
    args: [...args, ...limits, '-w', file],
    cwd: dirname(file),
  }).catch((error: unknown) => HarnessError.from(error));
  if (own instanceof HarnessError) return { impossible: `not captured: ${own.message}` };
  try {
    await untilCapturing(own, signal);
  } catch (error) {
    await own[Symbol.asyncDispose]();
    if (signal.aborted) throw signal.reason;
    const last = own.log().trim().split('\n').at(-1) ?? '';
    return { impossible: `not captured: ${last === '' ? String(error) : last.slice(0, 200)}` };
  }
  const kept =
    snap === SNAP_WHOLE ? 'whole packets' : `the first ${snap} bytes of each packet, for want of TLS`;
  return {
    file,
    mediaType: CAPTURE_MEDIA_TYPE,
    saw: `dumpcap on ${on}, ports ${ports.join(', ')}, ${kept}, subscribers redacted`,
    async [Symbol.asyncDispose]() {
      // What is still in the kernel's buffer belongs to the case.
      await pause(SETTLE_MS, { signal: new AbortController().signal });
      await own[Symbol.asyncDispose]();
    },
  };
}

/** It prints the name of its file when it captures. */
function untilCapturing(own: OwnProcess, parent: AbortSignal): Promise<void> {
  const limit = deadline(parent, READY_WITHIN_MS, 'the start of dumpcap');
  return new Promise<void>((resolve, reject) => {
    own.stderr.on('data', () => {
      if (own.log().includes('File: ')) resolve();
    });
    limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error), { once: true });
    void own.exited.then(({ code }) => reject(new Error(`dumpcap ended with code ${code ?? 'unknown'}`)));
  }).finally(() => limit[Symbol.dispose]());
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/u.test(host);
}
