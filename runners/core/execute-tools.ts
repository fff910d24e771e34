import { arch, platform, release } from 'node:os';
import { HarnessError } from '../../src/kernel/errors.ts';
import { runTool } from '../sandbox/tool.ts';

/** Tools that procedures or the runner use when they are there, with the arguments that make them say their version. */
const ASKED: Readonly<Record<string, readonly string[]>> = { openssl: ['version'], dumpcap: ['--version'] };
const MAX_VERSION_LENGTH = 200;

/** Version by name of what is installed here; what is absent is left out. Goes into the evidence of every run. */
export async function readTools({
  signal,
}: {
  signal: AbortSignal;
}): Promise<Readonly<Record<string, string>>> {
  const asked = await Promise.all(
    Object.entries(ASKED).map(async ([tool, args]) => [tool, await versionOf(tool, args, signal)] as const),
  );
  const found = asked.filter((entry): entry is readonly [string, string] => entry[1] !== null);
  return {
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    ...Object.fromEntries(found),
  };
}

async function versionOf(tool: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  try {
    const { code, stdout } = await runTool(tool, args, {
      signal,
      timeoutMs: 10_000,
      maxOutputBytes: 64 * 1024,
    });
    return code === 0 ? (stdout.split('\n')[0] ?? '').trim().slice(0, MAX_VERSION_LENGTH) : null;
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'TOOL_MISSING') return null;
    throw error;
  }
}
