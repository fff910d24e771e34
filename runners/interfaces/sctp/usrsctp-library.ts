import koffi from 'koffi';
import { HarnessError } from '../../../src/kernel/errors.ts';

/** Debian's `libusrsctp2`, and what others call it. */
const NAMES = ['libusrsctp.so.2', 'libusrsctp.so.1', 'libusrsctp.so'] as const;

const CALLS = {
  initNoThreads: 'void usrsctp_init_nothreads(uint16_t port, void *output, void *debug)',
  handleTimers: 'void usrsctp_handle_timers(uint32_t ms)',
  registerAddress: 'void usrsctp_register_address(uintptr_t address)',
  deregisterAddress: 'void usrsctp_deregister_address(uintptr_t address)',
  input: 'void usrsctp_conninput(uintptr_t address, const uint8_t *bytes, size_t length, uint8_t ecn)',
  socket:
    'uintptr_t usrsctp_socket(int domain, int type, int protocol, void *receive, void *send, uint32_t threshold, void *ulp)',
  setOption:
    'int usrsctp_setsockopt(uintptr_t so, int level, int name, const uint8_t *value, uint32_t length)',
  bind: 'int usrsctp_bind(uintptr_t so, const uint8_t *address, uint32_t length)',
  listen: 'int usrsctp_listen(uintptr_t so, int backlog)',
  connect: 'int usrsctp_connect(uintptr_t so, const uint8_t *address, uint32_t length)',
  accept: 'uintptr_t usrsctp_accept(uintptr_t so, _Out_ uint8_t *address, _Inout_ uint32_t *length)',
  nonBlocking: 'int usrsctp_set_non_blocking(uintptr_t so, int on)',
  shutdown: 'int usrsctp_shutdown(uintptr_t so, int how)',
  close: 'void usrsctp_close(uintptr_t so)',
  send: 'int64_t usrsctp_sendv(uintptr_t so, const uint8_t *bytes, size_t length, void *to, int count, const uint8_t *info, uint32_t infoLength, uint32_t infoType, int flags)',
  receive:
    'int64_t usrsctp_recvv(uintptr_t so, void *bytes, size_t length, void *from, void *fromLength, void *info, void *infoLength, void *infoType, void *flags)',
} as const;

export type Usrsctp = Readonly<
  Record<keyof typeof CALLS, (...args: readonly unknown[]) => number | bigint>
> & {
  /** Sets a default that sockets made afterwards have. */
  readonly tune: (name: Tunable, value: number) => void;
  readonly errno: () => number;
};

const TUNABLES = [
  'ecn_enable',
  'asconf_enable',
  'recvspace',
  'sendspace',
  'rto_initial_default',
  'rto_min_default',
  'rto_max_default',
  'init_rtx_max_default',
  'assoc_rtx_max_default',
  'path_rtx_max_default',
  'heartbeat_interval_default',
  'delayed_sack_time_default',
] as const;
export type Tunable = (typeof TUNABLES)[number];

/** Whether the library is there, and under which name; it is not initialized by that. */
export function findUsrsctp(): string | undefined {
  for (const name of NAMES) {
    try {
      koffi.load(name);
      return name;
    } catch {
      continue;
    }
  }
  return undefined;
}

/**
 * Binds and initializes it, without threads of its own: it runs inside the calls made here.
 * @param output gets every packet it wants to send, with the number of the peer; the bytes are the caller's
 */
export function loadUsrsctp(output: (peer: number, packet: Uint8Array) => void): Usrsctp {
  const name = findUsrsctp();
  if (name === undefined) {
    throw new HarnessError('SCTP_TRANSPORT_UNUSABLE', 'libusrsctp is not installed (Debian: libusrsctp2)');
  }
  const library = koffi.load(name);
  const bound = Object.entries(CALLS).map(([call, prototype]) => [call, library.func(prototype)] as const);
  const tuners = TUNABLES.map((tunable) => {
    return [tunable, library.func(`int usrsctp_sysctl_set_sctp_${tunable}(uint32_t value)`)] as const;
  });
  const byName = Object.fromEntries(tuners);
  const usrsctp = {
    ...Object.fromEntries(bound),
    tune: (tunable: Tunable, value: number) => byName[tunable]?.(value) as unknown,
    errno: () => koffi.errno(),
  } as Usrsctp;
  const type = koffi.pointer(
    koffi.proto('int (uintptr_t address, void *bytes, size_t length, uint8_t tos, uint8_t df)'),
  );
  const callback = (address: number, bytes: unknown, length: number): number => {
    // A copy: half as costly as a view of memory that is not ours, and a copy of that.
    output(address, koffi.decode(bytes, 'uint8_t', length) as Uint8Array);
    return 0;
  };
  usrsctp.initNoThreads(0, koffi.register(callback, type), null);
  return usrsctp;
}
