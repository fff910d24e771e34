import { readFileSync } from 'node:fs';
import type { TransportFacts } from './choose.ts';
import { loadSocketCalls } from './raw-library.ts';
import { findUsrsctp } from './usrsctp-library.ts';

/** What this machine has, looked at now. */
export function readTransportFacts(): TransportFacts {
  return { kernel: hasKernelSctp(), usrsctp: findUsrsctp(), raw: mayHaveRawSocket() };
}

/** Whether the kernel speaks SCTP at this moment; it is not made to. */
export function hasKernelSctp(): boolean {
  try {
    return /^SCTP/mu.test(readFileSync('/proc/net/protocols', 'utf8'));
  } catch {
    return false;
  }
}

function mayHaveRawSocket(): boolean {
  if (process.platform !== 'linux') return false;
  const calls = loadSocketCalls();
  const fd = Number(calls.socket(2, 3, 132));
  if (fd >= 0) calls.close(fd);
  return fd >= 0;
}
