import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openSctp } from '../../../runners/interfaces/sctp/open-sctp.ts';
import { untilTrue } from '../../support/scratch.ts';
import { pattern, take } from '../../support/sctp/conformance.ts';

const ECHO_SERVER = '/usr/lib/usrsctp/echo_server';
const [THEIR_UDP, OUR_UDP] = [21_111, 21_112];

describe.skipIf(!existsSync(ECHO_SERVER))('the echo server of usrsctp (libusrsctp-examples)', () => {
  it.each(['sctp:ts-udp', 'sctp:usrsctp'] as const)('gives back over %s what it was sent', async (name) => {
    const server = spawn(ECHO_SERVER, [String(THEIR_UDP), String(OUR_UDP)], { stdio: 'ignore' });
    const transport = await openSctp({ name }, { host: '127.0.0.1', udpPort: OUR_UDP });
    try {
      const to = { host: '127.0.0.1', port: 7, remoteUdpPort: THEIR_UDP };
      const limit = { signal: AbortSignal.timeout(10_000) };
      await untilTrue(
        () => transport.connect(to, limit).then((found) => (found.abort(), true)),
        'it listens',
      );
      const association = await transport.connect(to, limit);
      for (let ppid = 0; ppid < 50; ppid += 1) {
        await association.send(pattern(100 + ppid, ppid), { ppid, stream: ppid % 4 });
        expect(await take(association, 1)).toMatchObject([
          { ppid, stream: ppid % 4, bytes: { length: 100 + ppid } },
        ]);
      }
      await association.close();
    } finally {
      await transport[Symbol.asyncDispose]();
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    }
  });
});
