/*
 * User-mode Linux 6.1 keeps 2,696 octets for the extended registers of a process, which is what processors had until AMX came. On a
 * host with more, PTRACE_SETREGSET takes nothing but the whole of it, and the guest ends before its first instruction. This library, preloaded,
 * stands between: what lies beyond is in its initial state, since no program of the guest can use it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#define MOST_BYTES 65536
/* Where XSTATE_BV stands, which says what is not in its initial state; and what lies within what the guest knows: 0 to 7, and PKRU. */
#define STATE_BITS_AT 512
#define KNOWN_STATES UINT64_C(0x2ff)

typedef long (*ptrace_call)(int request, ...);

static char whole[MOST_BYTES] __attribute__((aligned(64)));
static size_t whole_bytes;

static long read_whole(ptrace_call next, long pid) {
  struct iovec vector = {whole, sizeof whole};
  long result = next(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, &vector);
  if (result == 0) whole_bytes = vector.iov_len;
  return result;
}

static void keep_known_states(char *registers, size_t length) {
  uint64_t states;
  if (length < STATE_BITS_AT + sizeof states) return;
  memcpy(&states, registers + STATE_BITS_AT, sizeof states);
  states &= KNOWN_STATES;
  memcpy(registers + STATE_BITS_AT, &states, sizeof states);
}

static long get_registers(ptrace_call next, long pid, struct iovec *wanted) {
  long result = read_whole(next, pid);
  if (result != 0) return result;
  if (wanted->iov_len > whole_bytes) wanted->iov_len = whole_bytes;
  memcpy(wanted->iov_base, whole, wanted->iov_len);
  keep_known_states(wanted->iov_base, wanted->iov_len);
  return 0;
}

static long set_registers(ptrace_call next, long pid, const struct iovec *given) {
  if (whole_bytes == 0 && read_whole(next, pid) != 0) return -1;
  size_t length = given->iov_len < whole_bytes ? given->iov_len : whole_bytes;
  memset(whole, 0, whole_bytes);
  memcpy(whole, given->iov_base, length);
  keep_known_states(whole, whole_bytes);
  struct iovec vector = {whole, whole_bytes};
  return next(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, &vector);
}

long ptrace(enum __ptrace_request request, ...) {
  static ptrace_call next;
  if (next == NULL) next = (ptrace_call)dlsym(RTLD_NEXT, "ptrace");
  va_list rest;
  va_start(rest, request);
  long pid = va_arg(rest, int);
  void *address = va_arg(rest, void *);
  void *data = va_arg(rest, void *);
  va_end(rest);
  if ((long)address == NT_X86_XSTATE) {
    if (request == PTRACE_GETREGSET) return get_registers(next, pid, data);
    if (request == PTRACE_SETREGSET) return set_registers(next, pid, data);
  }
  return next(request, pid, address, data);
}
