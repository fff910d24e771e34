import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether Wireshark's reader without a window is there; tests that need it are skipped by name where it is not. */
export function hasTshark(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** One row of fields for each packet that passes the filter; several values of a field are separated by commas. */
export async function tsharkFields(
  file: string,
  {
    fields,
    filter = '',
    options = [],
  }: { fields: readonly string[]; filter?: string; options?: readonly string[] },
): Promise<readonly (readonly string[])[]> {
  const wanted = fields.flatMap((field) => ['-e', field]);
  const args = [
    '-n',
    '-r',
    file,
    ...options,
    ...(filter === '' ? [] : ['-Y', filter]),
    '-T',
    'fields',
    ...wanted,
  ];
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}
