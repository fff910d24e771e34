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

/** Keys that everybody knows: set 1 of TS 35.208. For a UE and a core that have nothing else in common. */
const PUBLIC_SECRETS = {
  k: '465b5ce8b199b49faa5f0a2ee238a6bc',
  opc: 'cd63cb71954a9f4e48a5994e37a02baf',
} as const;

export interface SubscribersWanted {
  readonly plmn: string;
  readonly count: number;
  /** All of them have the keys that everybody knows. */
  readonly arePublic?: boolean;
}

/** Subscribers with keys that nobody has seen, each in a file of its own that only its owner may read. */
export async function writeSubscribers(
  dir: string,
  { plmn, count, arePublic = false }: SubscribersWanted,
): Promise<readonly SubscriberFile[]> {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return Promise.all(
    numbers.map(async (number) => {
      const file = join(dir, `subscriber-${number}.json`);
      const secrets = arePublic ? PUBLIC_SECRETS : newSecrets(number % TUAK_EVERY === 0);
      await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
      return { imsi: imsiOf(plmn, number), file };
    }),
  );
}

/** Subscribers count from 1. */
export function imsiOf(plmn: string, number: number): string {
  const digits = MSIN_DIGITS[plmn.length === 6 ? 6 : 5];
  return `${plmn}${String(number).padStart(digits, '0')}`;
}

function newSecrets(isTuak: boolean): Readonly<Record<string, string>> {
  const hex = (length: number): string => randomBytes(length).toString('hex');
  return isTuak ? { k: hex(32), topc: hex(32) } : { k: hex(16), opc: hex(16) };
}

/** @param file `null`: the keys that everybody knows @throws Error naming the file when it holds no keys */
export async function readSubscriber(file: string | null): Promise<SubscriberSecrets> {
  const text = file === null ? JSON.stringify(PUBLIC_SECRETS) : await readFile(file, 'utf8');
  const secrets = parseSubscriberSecrets(text);
  if (!secrets.ok) throw new Error(`${file ?? 'public keys'}: ${secrets.error}`);
  return secrets.value;
}
