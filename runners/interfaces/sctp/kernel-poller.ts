import { EPOLL_DATA_AT, EPOLL_EVENT_BYTES, type SocketCalls } from './socket-library.ts';

const EPOLL_CLOEXEC = 0o2000000;
const [EPOLL_CTL_ADD, EPOLL_CTL_DEL] = [1, 2];
/** In, out, the peer has shut down its half; told once for every change. */
const INTEREST = (0x1 | 0x4 | 0x2000 | 0x80000000) >>> 0;
const MAX_EVENTS = 64;
/** How long the end of the process may have to wait for the thread that waits for events. */
const WAIT_MS = 50;

/**
 * Tells when something has happened to a socket. One for the process: it keeps one of the few threads that Node has
 * for calls that wait, and none while no socket is watched.
 */
export class KernelPoller {
  readonly #calls: SocketCalls;
  readonly #handlers = new Map<number, () => void>();
  readonly #events = Buffer.alloc(EPOLL_EVENT_BYTES * MAX_EVENTS);
  readonly #epoll: number;
  #isTurning = false;

  constructor(calls: SocketCalls) {
    this.#calls = calls;
    this.#epoll = Number(calls.makeEpoll(EPOLL_CLOEXEC));
  }

  /** @param changed has to read and write until nothing more goes: it is not told the same twice */
  watch(fd: number, changed: () => void): void {
    this.#handlers.set(fd, changed);
    this.#control(EPOLL_CTL_ADD, fd);
    if (!this.#isTurning) void this.#turn();
  }

  /** To be called before the descriptor is closed. */
  forget(fd: number): void {
    if (this.#handlers.delete(fd)) this.#control(EPOLL_CTL_DEL, fd);
  }

  #control(operation: number, fd: number): void {
    const event = Buffer.alloc(EPOLL_EVENT_BYTES);
    event.writeUInt32LE(INTEREST, 0);
    event.writeInt32LE(fd, EPOLL_DATA_AT);
    this.#calls.controlEpoll(this.#epoll, operation, fd, event);
  }

  async #turn(): Promise<void> {
    this.#isTurning = true;
    while (this.#handlers.size > 0) {
      const count = await this.#calls.waitEpoll(this.#epoll, this.#events, WAIT_MS);
      const changed = Array.from({ length: Math.max(0, count) }, (_, index) =>
        this.#events.readInt32LE(index * EPOLL_EVENT_BYTES + EPOLL_DATA_AT),
      );
      for (const fd of changed) this.#handlers.get(fd)?.();
    }
    this.#isTurning = false;
  }
}
