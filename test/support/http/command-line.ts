import type { FakeHouse } from './fake-house.ts';
import { LAB } from './things.ts';
import { makeCli } from '../../../src/cli/cli.ts';
import { complain } from '../../../src/cli/complain.ts';
import { makeProgram } from '../../../src/cli/program.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line on one side, the HTTP API on the other, and no network in between. `dir` is where it works. */
export async function commandLine(house: FakeHouse, dir: string, args: readonly string[]): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  let code = 0;
  const token = house.authorize(LAB, 'admin').authorization.replace('Bearer ', '');
  const cli = makeCli({
    io: {
      stdout: (text) =>
        void (stdout += typeof text === 'string' ? text : Buffer.from(text).toString('latin1')),
      stderr: (text) => void (stderr += text),
      isTty: false,
      signal: new AbortController().signal,
    },
    environment: { PATCHBAY_TOKEN: token, PATCHBAY_HOME: dir },
    cwd: dir,
    columns: 80,
    exit: (given) => void (code = given),
    fetch: overInject(house),
  });
  try {
    await makeProgram(cli).parseAsync(args, { from: 'user' });
  } catch (thrown) {
    const complaint = complain(thrown, { interrupted: false, debug: false });
    code = complaint.code;
    stderr += complaint.text;
  }
  return { code, stdout, stderr };
}

function overInject(house: FakeHouse): typeof fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const answer = await house.server.inject({
      method: init.method === 'POST' ? 'POST' : 'GET',
      url: `${pathname}${search}`,
      headers: init.headers as Record<string, string>,
      ...(init.body === undefined ? {} : { payload: init.body as string }),
    });
    const type = String(answer.headers['content-type']);
    return new Response(new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: { 'content-type': type },
    });
  };
}
