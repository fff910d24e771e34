import koffi from 'koffi';
import { CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_OK, failure } from './return-values.ts';
import { HarnessError } from '../../kernel/errors.ts';

export interface Attribute {
  readonly type: number;
  readonly value: Buffer;
  readonly length: number;
}

/** The calls of a PKCS#11 module that signing needs. Each runs beside the event loop; one that fails throws with its CKR name. */
export interface Cryptoki extends AsyncDisposable {
  readonly call: (name: CallName, ...args: readonly unknown[]) => Promise<void>;
  /** As `call`, but these return values are as good as none. */
  readonly callAllowing: (
    allowed: readonly number[],
    name: CallName,
    ...args: readonly unknown[]
  ) => Promise<void>;
}

const ULONG = 'ulong';
const BYTES = 'void *';
const CALLS = {
  C_Initialize: [BYTES],
  C_Finalize: [BYTES],
  C_GetSlotList: ['uint8', BYTES, BYTES],
  C_GetTokenInfo: [ULONG, BYTES],
  C_OpenSession: [ULONG, ULONG, BYTES, BYTES, BYTES],
  C_CloseSession: [ULONG],
  C_Login: [ULONG, ULONG, BYTES, ULONG],
  C_FindObjectsInit: [ULONG, 'attributes', ULONG],
  C_FindObjects: [ULONG, BYTES, ULONG, BYTES],
  C_FindObjectsFinal: [ULONG],
  C_GetAttributeValue: [ULONG, ULONG, 'attributes', ULONG],
  C_SignInit: [ULONG, 'mechanism', ULONG],
  C_Sign: [ULONG, BYTES, ULONG, BYTES, BYTES],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type CallName = keyof typeof CALLS;

/** CK_C_INITIALIZE_ARGS: four functions, flags, one pointer; we let the module lock by itself, since calls come from threads. */
const INITIALIZE_BYTES = 48;
const FLAGS_AT = 32;
const CKF_OS_LOCKING_OK = 2n;

/** Loads a module and initializes it. `HSM_MODULE_UNUSABLE` when there is none at `path`, or it is none. */
export async function loadCryptoki(path: string): Promise<Cryptoki> {
  const functions = bind(path);
  const invoke = (name: CallName, args: readonly unknown[]): Promise<number> =>
    new Promise((resolve, reject) => {
      functions[name].async(...args, (error: Error | null, value: number) => {
        if (error === null) resolve(value);
        else reject(error);
      });
    });
  const callAllowing: Cryptoki['callAllowing'] = async (allowed, name, ...args) => {
    const value = await invoke(name, args);
    if (value !== CKR_OK && !allowed.includes(value)) throw failure(name, value);
  };
  const args = Buffer.alloc(INITIALIZE_BYTES);
  args.writeBigUInt64LE(CKF_OS_LOCKING_OK, FLAGS_AT);
  const value = await invoke('C_Initialize', [args]);
  const ours = value !== CKR_CRYPTOKI_ALREADY_INITIALIZED;
  if (ours && value !== CKR_OK) throw failure('C_Initialize', value);
  return {
    callAllowing,
    call: (name, ...rest) => callAllowing([], name, ...rest),
    [Symbol.asyncDispose]: async () => {
      if (ours) await callAllowing([], 'C_Finalize', null);
    },
  };
}

type Bound = Readonly<Record<CallName, { readonly async: (...args: readonly unknown[]) => void }>>;

function bind(path: string): Bound {
  try {
    const library = koffi.load(path);
    const attribute = koffi.struct({ type: ULONG, value: BYTES, length: ULONG });
    const mechanism = koffi.struct({ mechanism: ULONG, parameter: BYTES, length: ULONG });
    const special = {
      attributes: koffi.inout(koffi.pointer(attribute)),
      mechanism: koffi.pointer(mechanism),
    };
    const bound = Object.entries(CALLS).map(([name, types]) => {
      const args = types.map((type) =>
        type === 'attributes' || type === 'mechanism' ? special[type] : type,
      );
      return [name, library.func(name, ULONG, args)] as const;
    });
    return Object.fromEntries(bound) as unknown as Bound;
  } catch (cause) {
    throw new HarnessError('HSM_MODULE_UNUSABLE', `${path} cannot be loaded as a PKCS#11 module`, { cause });
  }
}
