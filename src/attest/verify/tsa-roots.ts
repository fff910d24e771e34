import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import { TSA_FOLDER } from '../format/keys.ts';

const MAX_ROOTS = 64;
const MAX_ROOT_BYTES = 64 * 1024;

/**
 * The certificates in `<trust>/tsa/<name>.pem`, each that of an authority or of its root. They are nobody's in particular:
 * whoever verifies decides whose word on the time it takes. `VERIFY_TRUST_INVALID` when one cannot be read.
 */
export async function readTsaRoots(trust: string): Promise<readonly X509Certificate[]> {
  const dir = join(trust, TSA_FOLDER);
  const names = (await list(dir)).filter((name) => name.endsWith('.pem')).sort();
  if (names.length > MAX_ROOTS) throw broken(`${dir} has more than ${MAX_ROOTS} certificates`);
  return Promise.all(names.map((name) => readRoot(join(dir, name))));
}

async function list(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function readRoot(path: string): Promise<X509Certificate> {
  const { size } = await stat(path);
  if (size > MAX_ROOT_BYTES) throw broken(`${path} is larger than ${MAX_ROOT_BYTES} bytes`);
  try {
    return new X509Certificate(await readFile(path));
  } catch (cause) {
    throw new HarnessError('VERIFY_TRUST_INVALID', `${path} is not a certificate`, { cause });
  }
}

function broken(text: string): HarnessError {
  return new HarnessError('VERIFY_TRUST_INVALID', text);
}
