/** A rule that takes every packet of a session. @see TS 24.501 clause 9.11.4.13 */
const RULE_ID = 1;
const CREATE_DEFAULT = 0x31;
/** One filter, for both directions, that matches all. */
const MATCH_ALL = [0x31, 0x01, 0x01];
const LOWEST_PRECEDENCE = 0xff;
const IS_DEFAULT = 0x10;
const HEAD_OCTETS = 3;
const TRAILER_OCTETS = 2;
const QFI_BITS = 0x3f;

/** QoS rules with one rule, the default, that puts everything into a flow. @param qfi 1 to 63 */
export function encodeDefaultRule(qfi: number): Uint8Array {
  const rule = [CREATE_DEFAULT, ...MATCH_ALL, LOWEST_PRECEDENCE, qfi & QFI_BITS];
  return Uint8Array.of(RULE_ID, 0, rule.length, ...rule);
}

/** The flow of the default rule; `null` when none of the rules is, or they break off. */
export function defaultFlowIn(rules: Uint8Array): number | null {
  for (let at = 0; at + HEAD_OCTETS < rules.length;) {
    const length = ((rules[at + 1] ?? 0) << 8) | (rules[at + 2] ?? 0);
    const rule = rules.subarray(at + HEAD_OCTETS, at + HEAD_OCTETS + length);
    if (rule.length < length || length < 1) return null;
    const isDefault = ((rule[0] ?? 0) & IS_DEFAULT) !== 0;
    if (isDefault && length > TRAILER_OCTETS) return (rule[length - 1] ?? 0) & QFI_BITS;
    at += HEAD_OCTETS + length;
  }
  return null;
}

/** Bit rates in units of 1 Mbit/s, 1 to 65535. @see TS 24.501 clause 9.11.4.14 */
const UNIT_MBIT = 0x06;

export function encodeSessionAmbr({ downMbit, upMbit }: { downMbit: number; upMbit: number }): Uint8Array {
  const rate = (mbit: number): readonly number[] => [UNIT_MBIT, (mbit >> 8) & 0xff, mbit & 0xff];
  return Uint8Array.of(...rate(downMbit), ...rate(upMbit));
}
