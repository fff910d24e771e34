import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { type Cryptoki, loadCryptoki } from './cryptoki.ts';
import { algorithmOfParams, spkiOfPoint, toDerSignature, type TokenAlgorithm } from './ec.ts';
import { openSession, type Session, ulong } from './session.ts';
import type { LabRole } from '../../attest/sign/signer.ts';
import type { OpenToken, SecretPlace, TokenKey, TokenSigner } from '../../attest/sign/token-key.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { Teardown } from '../../kernel/teardown.ts';

const CKA_CLASS = 0x00;
const CKA_LABEL = 0x03;
const CKA_ID = 0x102;
const CKA_EC_PARAMS = 0x180;
const CKA_EC_POINT = 0x181;
const CKO_PUBLIC_KEY = 2;
const CKO_PRIVATE_KEY = 3;
const MECHANISM = { 'ecdsa-p256-sha256': 0x1041, ed25519: 0x1057 } as const;
const OTHERS = 0o077;

/**
 * Opens keys on PKCS#11 tokens. A module is initialized once, however many keys are opened through it, and finalized when
 * the last of them is disposed.
 * @param environment where PINs may be named from
 */
export function makeTokens({
  environment,
}: {
  environment: Readonly<Record<string, string | undefined>>;
}): OpenToken {
  const modules = makeModules();
  return async (key, who) => {
    await using undo = new Teardown();
    const cryptoki = await modules.take(key.module);
    undo.defer(() => modules.giveBack(key.module));
    const session = undo.use(await openSession(cryptoki, key, await readPin(key.pin, environment)));
    const opened = await findKey(session, key);
    const owner = undo.move();
    return makeTokenSigner({ session, ...opened, ...who, close: () => owner[Symbol.asyncDispose]() });
  };
}

interface Modules {
  take(path: string): Promise<Cryptoki>;
  giveBack(path: string): Promise<void>;
}

/** Taking and giving back go one at a time: a module must not be initialized while it is being finalized. */
function makeModules(): Modules {
  const open = new Map<string, { users: number; readonly cryptoki: Cryptoki }>();
  const inTurn = makeTurns();
  return {
    take: (path) =>
      inTurn(async () => {
        const entry = open.get(path) ?? { users: 0, cryptoki: await loadCryptoki(path) };
        entry.users += 1;
        open.set(path, entry);
        return entry.cryptoki;
      }),
    giveBack: (path) =>
      inTurn(async () => {
        const entry = open.get(path);
        if (entry === undefined) return;
        entry.users -= 1;
        if (entry.users > 0) return;
        open.delete(path);
        await entry.cryptoki[Symbol.asyncDispose]();
      }),
  };
}

function makeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}

interface Opened {
  readonly key: bigint;
  readonly alg: TokenAlgorithm;
  readonly spki: Uint8Array;
}

/** The private key, and the public half that the token has of it under the same name. */
async function findKey(session: Session, { label, id }: TokenKey): Promise<Opened> {
  const value = label === undefined ? Buffer.from(id ?? '', 'hex') : Buffer.from(label, 'utf8');
  const named = { type: label === undefined ? CKA_ID : CKA_LABEL, value, length: value.length };
  const ofClass = (of: number) => ({ type: CKA_CLASS, value: ulong(of), length: 8 });
  const name = JSON.stringify(label ?? id);
  const key = await session.findOne(`private key ${name}`, [ofClass(CKO_PRIVATE_KEY), named]);
  const half = await session.findOne(`public key ${name}`, [ofClass(CKO_PUBLIC_KEY), named]);
  const alg = algorithmOfParams(await session.read(half, CKA_EC_PARAMS));
  const spki = alg === undefined ? undefined : spkiOfPoint(alg, await session.read(half, CKA_EC_POINT));
  if (alg === undefined || spki === undefined)
    throw new HarnessError('SIGN_KEY_UNUSABLE', `key ${name} of the token is neither P-256 nor Ed25519`);
  return { key, alg, spki };
}

interface TokenSignerParts extends Opened {
  readonly session: Session;
  readonly lab: string;
  readonly role: LabRole;
  readonly close: () => Promise<void>;
}

/** One signature after the other: a session holds one operation. Closing waits for the one under way. */
function makeTokenSigner({ session, key, alg, spki, lab, role, close }: TokenSignerParts): TokenSigner {
  const inTurn = makeTurns();
  return {
    ...{ lab, role, alg, spki },
    keyid: createHash('sha256').update(spki).digest('hex'),
    sign: (bytes, { signal }) =>
      untilAborted(
        inTurn(async () => {
          signal.throwIfAborted();
          if (alg === 'ed25519') return session.sign(MECHANISM[alg], key, bytes);
          const digest = createHash('sha256').update(bytes).digest();
          return toDerSignature(await session.sign(MECHANISM[alg], key, digest));
        }),
        signal,
      ),
    [Symbol.asyncDispose]: () => inTurn(close),
  };
}

/** A call into a module cannot be stopped: whoever aborts stops waiting for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

async function readPin(
  place: SecretPlace,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Buffer> {
  if ('env' in place) {
    const pin = environment[place.env];
    if (pin === undefined || pin === '')
      throw new HarnessError('HSM_PIN_REFUSED', `the PIN is to be in ${place.env}, which is not set`);
    return Buffer.from(pin, 'utf8');
  }
  try {
    const { mode } = await stat(place.file);
    if ((mode & OTHERS) !== 0)
      throw new HarnessError('HSM_PIN_REFUSED', `others may read the PIN in ${place.file}: chmod go= it`);
    return Buffer.from((await readFile(place.file, 'utf8')).replace(/\r?\n$/u, ''), 'utf8');
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError('HSM_PIN_REFUSED', `the PIN cannot be read from ${place.file}`, { cause });
  }
}
