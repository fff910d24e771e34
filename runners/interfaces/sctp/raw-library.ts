import koffi from 'koffi';

const CALLS = {
  socket: 'int socket(int domain, int type, int protocol)',
  bind: 'int bind(int fd, const uint8_t *address, uint32_t length)',
  close: 'int close(int fd)',
  setOption: 'int setsockopt(int fd, int level, int name, const uint8_t *value, uint32_t length)',
  sendTo:
    'int64_t sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *to, uint32_t toLength)',
  receiveFrom:
    'int64_t recvfrom(int fd, _Out_ uint8_t *bytes, size_t length, int flags, _Out_ uint8_t *from, _Inout_ uint32_t *fromLength)',
} as const;

export type SocketCalls = Readonly<
  Record<keyof typeof CALLS, (...args: readonly unknown[]) => number | bigint>
> & {
  readonly errno: () => number;
  /** Resolves when there is something to read, or after `ms`. Waits beside the event loop. */
  readonly readable: (fd: number, ms: number) => Promise<void>;
};

/** Calls of the C library that Node has no words for. Linux. */
export function loadSocketCalls(): SocketCalls {
  const library = koffi.load('libc.so.6');
  const bound = Object.entries(CALLS).map(([call, prototype]) => [call, library.func(prototype)] as const);
  const poll = library.func('int poll(_Inout_ uint8_t *descriptors, unsigned long count, int ms)');
  const readable = (fd: number, ms: number): Promise<void> => {
    const descriptor = Buffer.alloc(8);
    descriptor.writeInt32LE(fd, 0);
    descriptor.writeInt16LE(1, 4);
    return new Promise((resolve) => {
      poll.async(descriptor, 1, ms, () => resolve());
    });
  };
  return { ...Object.fromEntries(bound), readable, errno: () => koffi.errno() } as SocketCalls;
}
