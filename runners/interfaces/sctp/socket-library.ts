import koffi from 'koffi';

const CALLS = {
  socket: 'int socket(int domain, int type, int protocol)',
  bind: 'int bind(int fd, const uint8_t *address, uint32_t length)',
  close: 'int close(int fd)',
  setOption: 'int setsockopt(int fd, int level, int name, const uint8_t *value, uint32_t length)',
  sendTo:
    'int64_t sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *to, uint32_t toLength)',
  getOption: 'int getsockopt(int fd, int level, int name, uint8_t *value, uint32_t *length)',
  listen: 'int listen(int fd, int backlog)',
  accept: 'int accept4(int fd, uint8_t *from, uint32_t *fromLength, int flags)',
  shutdown: 'int shutdown(int fd, int how)',
  sendMessage: 'int64_t sendmsg(int fd, const uint8_t *header, int flags)',
  receiveMessage: 'int64_t recvmsg(int fd, uint8_t *header, int flags)',
  makeEpoll: 'int epoll_create1(int flags)',
  controlEpoll: 'int epoll_ctl(int epoll, int operation, int fd, const uint8_t *event)',
  receiveFrom:
    'int64_t recvfrom(int fd, _Out_ uint8_t *bytes, size_t length, int flags, _Out_ uint8_t *from, _Inout_ uint32_t *fromLength)',
} as const;

export type SocketCalls = Readonly<
  Record<keyof typeof CALLS, (...args: readonly unknown[]) => number | bigint>
> & {
  readonly errno: () => number;
  /** Resolves with the number of events (`struct epoll_event`) that were put into `events`. Waits beside the event loop. */
  readonly waitEpoll: (epoll: number, events: Buffer, ms: number) => Promise<number>;
  /** Resolves when there is something to read, or after `ms`. Waits beside the event loop. */
  readonly readable: (fd: number, ms: number) => Promise<void>;
};

/** `struct epoll_event`: packed on x86-64 only. */
export const [EPOLL_EVENT_BYTES, EPOLL_DATA_AT] = process.arch === 'x64' ? [12, 4] : [16, 8];

/** Calls of the C library that Node has no words for. Linux. */
export function loadSocketCalls(): SocketCalls {
  const library = koffi.load('libc.so.6');
  const bound = Object.entries(CALLS).map(([call, prototype]) => [call, library.func(prototype)] as const);
  const poll = library.func('int poll(_Inout_ uint8_t *descriptors, unsigned long count, int ms)');
  const wait = library.func('int epoll_wait(int epoll, uint8_t *events, int count, int ms)');
  const waitEpoll = (epoll: number, events: Buffer, ms: number): Promise<number> => {
    const count = Math.floor(events.length / EPOLL_EVENT_BYTES);
    return new Promise((resolve) => {
      wait.async(epoll, events, count, ms, (_error: unknown, found: number) => resolve(found));
    });
  };
  const readable = (fd: number, ms: number): Promise<void> => {
    const descriptor = Buffer.alloc(8);
    descriptor.writeInt32LE(fd, 0);
    descriptor.writeInt16LE(1, 4);
    return new Promise((resolve) => {
      poll.async(descriptor, 1, ms, () => resolve());
    });
  };
  return { ...Object.fromEntries(bound), readable, waitEpoll, errno: () => koffi.errno() } as SocketCalls;
}
