import type { TransportName } from './types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

/** A way to carry SCTP on this machine, or why it is none. */
export interface TransportFinding {
  readonly name: Exclude<TransportName, 'pipe'>;
  readonly usable: boolean;
  readonly why: string;
}

export interface TransportFacts {
  readonly kernel: boolean;
  readonly usrsctp: string | undefined;
  readonly raw: boolean;
}

/** Names that an equipment file may give as `transport` of an end point, beside `auto`. */
const SHORT_NAMES: Readonly<Record<string, Exclude<TransportName, 'pipe'>>> = {
  kernel: 'sctp:kernel',
  usrsctp: 'sctp:usrsctp',
  'usrsctp-raw': 'sctp:usrsctp-raw',
  'ts-udp': 'sctp:ts-udp',
  'ts-raw': 'sctp:ts-raw',
};

/** What can be used here, in the order in which it is chosen. */
export function listTransports({ usrsctp, raw, kernel }: TransportFacts): readonly TransportFinding[] {
  return [
    {
      name: 'sctp:kernel',
      usable: kernel,
      why: kernel
        ? 'the kernel speaks SCTP; on IP'
        : 'the kernel gives no SCTP socket (Linux: modprobe sctp)',
    },
    {
      name: 'sctp:usrsctp',
      usable: usrsctp !== undefined,
      why: usrsctp === undefined ? NO_USRSCTP : `${usrsctp}, inside UDP`,
    },
    { name: 'sctp:ts-udp', usable: true, why: 'needs nothing; inside UDP' },
    {
      name: 'sctp:usrsctp-raw',
      usable: usrsctp !== undefined && raw && !kernel,
      why: usrsctp === undefined ? NO_USRSCTP : `${usrsctp}; ${whyRaw(raw, kernel)}`,
    },
    { name: 'sctp:ts-raw', usable: raw && !kernel, why: whyRaw(raw, kernel) },
  ];
}

const NO_USRSCTP = 'libusrsctp is not installed (Debian: libusrsctp2)';

function whyRaw(raw: boolean, kernel: boolean): string {
  if (kernel) return 'the kernel speaks SCTP and would answer with ABORT';
  return raw ? 'a raw socket is permitted; straight on IP' : 'a raw socket is not permitted (CAP_NET_RAW)';
}

export interface TransportChoice {
  readonly name: Exclude<TransportName, 'pipe'>;
  readonly why: string;
}

/**
 * The transport for an end point, and why that one.
 * `SCTP_TRANSPORT_UNUSABLE` when what the equipment file asks for is not to be had here.
 * @param wanted `endpoint.transport`; absent or `auto` takes the best
 */
export function chooseTransport(wanted: string | undefined, facts: TransportFacts): TransportChoice {
  const findings = listTransports(facts);
  if (wanted === undefined || wanted === 'auto') {
    const best = findings.find(({ usable }) => usable);
    const passed = findings.slice(0, best === undefined ? 0 : findings.indexOf(best));
    const because = passed.map(({ name, why }) => `not ${name}: ${why}`);
    return { name: best?.name ?? 'sctp:ts-udp', why: [best?.why ?? '', ...because].join('; ') };
  }
  const found = findings.find(({ name }) => name === (SHORT_NAMES[wanted] ?? wanted));
  if (found?.usable === true)
    return { name: found.name, why: `the equipment file asks for it; ${found.why}` };
  const why = found?.why ?? `there are auto, ${findings.map(({ name }) => name).join(', ')}`;
  throw new HarnessError('SCTP_TRANSPORT_UNUSABLE', `transport ${JSON.stringify(wanted)}: ${why}`);
}
