import type { TransportFacts } from './choose.ts';
import { loadSocketCalls } from './socket-library.ts';
import { findUsrsctp } from './usrsctp-library.ts';

const IPPROTO_SCTP = 132;
const [SOCK_STREAM, SOCK_RAW] = [1, 3];

/** What this machine has, looked at now. */
export function readTransportFacts(): TransportFacts {
  return { kernel: hasKernelSctp(), usrsctp: findUsrsctp(), raw: givesSocket(SOCK_RAW) };
}

/** Whether the kernel speaks SCTP. Asking makes it load its module, where that is there and may be loaded. */
export function hasKernelSctp(): boolean {
  return givesSocket(SOCK_STREAM);
}

function givesSocket(type: number): boolean {
  if (process.platform !== 'linux') return false;
  const calls = loadSocketCalls();
  const fd = Number(calls.socket(2, type, IPPROTO_SCTP));
  if (fd >= 0) calls.close(fd);
  return fd >= 0;
}
