import { err, ok, type Result } from '../../../src/kernel/result.ts';

/** The extension header of NG-RAN and UPF. @see TS 29.281 clause 5.2.2.7 */
export const PDU_SESSION_CONTAINER = 0x85;

/** What goes with each user packet between UPF and NG-RAN. @see TS 38.415 clause 5.5.2 */
export type PduSessionInformation =
  | {
      readonly way: 'downlink';
      /** QoS flow, 0 to 63. */
      readonly qfi: number;
      /** Whether the UE is to mirror the mapping. */
      readonly reflective: boolean;
      /** Paging policy, 0 to 7; null: none. */
      readonly pagingPolicy: number | null;
    }
  | { readonly way: 'uplink'; readonly qfi: number };

/** PDU types of the frame. */
const DOWNLINK = 0;
const UPLINK = 1;
const HAS_PAGING_POLICY = 0x80;
const REFLECTIVE = 0x40;

export function encodePduSession(information: PduSessionInformation): Uint8Array {
  const { qfi } = information;
  if (!Number.isInteger(qfi) || qfi < 0 || qfi > 63) throw new RangeError(`QFI is ${qfi}, not 0 to 63`);
  if (information.way === 'uplink') return Uint8Array.of(UPLINK << 4, qfi);
  const { reflective, pagingPolicy } = information;
  const flow = qfi | (reflective ? REFLECTIVE : 0);
  return pagingPolicy === null
    ? Uint8Array.of(DOWNLINK << 4, flow)
    : Uint8Array.of(DOWNLINK << 4, flow | HAS_PAGING_POLICY, pagingPolicy << 5);
}

/** What later releases add behind is left alone. */
export function decodePduSession(content: Uint8Array): Result<PduSessionInformation, string> {
  const [head, flow, more] = content;
  if (head === undefined || flow === undefined) return err('the PDU session container is cut off');
  const qfi = flow & 0x3f;
  if (head >> 4 === UPLINK) return ok({ way: 'uplink', qfi });
  if (head >> 4 !== DOWNLINK) return err(`the PDU session container has type ${head >> 4}, not 0 or 1`);
  if ((flow & HAS_PAGING_POLICY) !== 0 && more === undefined)
    return err('the PDU session container ends before its paging policy');
  return ok({
    way: 'downlink',
    qfi,
    reflective: (flow & REFLECTIVE) !== 0,
    pagingPolicy: flow & HAS_PAGING_POLICY ? (more ?? 0) >> 5 : null,
  });
}
