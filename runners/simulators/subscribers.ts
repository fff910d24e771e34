import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSubscriberSecrets, type SubscriberSecrets } from '../interfaces/aka/subscriber-keys.ts';

/** Who a simulator knows, and where the keys are. */
export interface SubscriberFile {
  readonly imsi: string;
  readonly file: string;
}

const MSIN_DIGITS = { 5: 10, 6: 9 } as const;
/** Every third subscriber has keys of TUAK. */
const TUAK_EVERY = 3;

/** Subscribers with keys that nobody has seen, each in a file of its own that only its owner may read. */
export async function writeSubscribers(
  dir: string,
  { plmn, count }: { readonly plmn: string; readonly count: number },
): Promise<readonly SubscriberFile[]> {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return Promise.all(
    numbers.map(async (number) => {
      const digits = MSIN_DIGITS[plmn.length === 6 ? 6 : 5];
      const imsi = `${plmn}${String(number).padStart(digits, '0')}`;
      const file = join(dir, `subscriber-${number}.json`);
      await writeFile(file, JSON.stringify(newSecrets(number % TUAK_EVERY === 0)), { mode: 0o600 });
      return { imsi, file };
    }),
  );
}

function newSecrets(isTuak: boolean): Readonly<Record<string, string>> {
  const hex = (length: number): string => randomBytes(length).toString('hex');
  return isTuak ? { k: hex(32), topc: hex(32) } : { k: hex(16), opc: hex(16) };
}

/** @throws Error naming the file when it holds no keys */
export async function readSubscriber(file: string): Promise<SubscriberSecrets> {
  const secrets = parseSubscriberSecrets(await readFile(file, 'utf8'));
  if (!secrets.ok) throw new Error(`${file}: ${secrets.error}`);
  return secrets.value;
}
