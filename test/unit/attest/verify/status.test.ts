import { beforeAll, describe, expect, it } from 'vitest';
import { renderEnvelope } from '../../../../src/attest/format/envelope.ts';
import { renderStatus, type ReportStatus, type StatusOp } from '../../../../src/attest/format/status.ts';
import { T0 } from '../../../support/reports.ts';
import {
  aJointReport,
  aKey,
  aSignedReport,
  aStatusOf,
  check,
  codeOf,
  sign,
  type SignedReport,
  type TestKey,
  trustIn,
} from '../../../support/signed-report.ts';

let good: SignedReport;
let joint: SignedReport;
let southern: TestKey;
beforeAll(async () => {
  [good, joint] = await Promise.all([aSignedReport(), aJointReport()]);
  southern = aKey('lab-south', 'authorised-signatory');
});

const at = (minutes: number): string => new Date(T0 + minutes * 60_000).toISOString();
const said = async (
  changes: Partial<ReportStatus> = {},
  { report = good, keys = report.keys }: { report?: SignedReport; keys?: readonly TestKey[] } = {},
): Promise<Uint8Array> => renderEnvelope(await sign(renderStatus(aStatusOf(report, changes)), keys));
const next = { revision: 2, payload: 'b'.repeat(64) };
const successor = (op: StatusOp): Partial<ReportStatus> =>
  op === 'amend' || op === 'replace' ? { replacedBy: next } : {};

describe('the standing of a report', () => {
  it('is not known when nothing was said', () => {
    expect(check(good)).toMatchObject({ status: 'accepted', standing: null });
  });

  it.each<[string, string, readonly StatusOp[]]>([
    ['VERIFY_WITHDRAWN', 'WITHDRAWN', ['withdraw']],
    ['VERIFY_WITHDRAWN', 'WITHDRAWN', ['suspend', 'withdraw']],
    ['VERIFY_WITHDRAWN', 'WITHDRAWN', ['withdraw', 'replace']],
    ['VERIFY_WITHDRAWN', 'WITHDRAWN', ['amend', 'withdraw']],
    ['VERIFY_SUSPENDED', 'SUSPENDED', ['suspend']],
    ['VERIFY_SUSPENDED', 'SUSPENDED', ['suspend', 'reinstate', 'suspend']],
    ['accepted', 'CURRENT', ['suspend', 'reinstate']],
    ['accepted', 'AMENDED', ['amend']],
    ['accepted', 'AMENDED', ['suspend', 'replace']],
  ])('gives %s and is %s after %j, in whatever order the files come', async (code, state, ops) => {
    const statuses = await Promise.all(
      ops.map((op, index) => said({ op, effective: at(index + 1), ...successor(op) })),
    );
    for (const files of [statuses, statuses.toReversed(), [...statuses, ...statuses]]) {
      expect(codeOf(good, { statuses: files })).toBe(code);
      expect(check(good, { statuses: files }).standing?.state).toBe(state);
    }
  });

  it('names what takes over', async () => {
    const statuses = [await said({ op: 'replace', ...successor('replace') })];
    expect(check(good, { statuses }).standing).toMatchObject({ lab: 'lab-north', replacedBy: next });
  });

  it('does not change before the statement takes effect', async () => {
    expect(check(good, { statuses: [await said({ effective: at(120) })] }).standing?.state).toBe('CURRENT');
  });

  it('is AMENDED when something is said of a later revision', async () => {
    const statuses = [await said({ op: 'withdraw', rev: 2, payload: 'b'.repeat(64) })];
    expect(check(good, { statuses }).standing?.state).toBe('AMENDED');
  });

  it('may be suspended by a lab that co-signed it, and not withdrawn', async () => {
    const keys = [...joint.keys, southern];
    const given = { report: joint, keys: [joint.keys[2]!, southern] };
    const by = { authorisedBy: southern.signer.keyid };
    const trust = trustIn(keys);
    const ask = (status: Uint8Array): string => codeOf(joint, { trust, statuses: [status] });
    expect(ask(await said({ op: 'suspend', ...by }, given))).toBe('VERIFY_SUSPENDED');
    expect(ask(await said({ op: 'withdraw', ...by }, given))).toBe('VERIFY_STATUS_SIGNATURE');
  });
});

describe('a status statement', () => {
  type Make = () => Promise<Uint8Array>;
  it.each<[string, string, Make]>([
    [
      'VERIFY_STATUS_SIGNATURE',
      'is signed by the system alone',
      () => said({}, { keys: good.keys.slice(0, 1) }),
    ],
    [
      'VERIFY_STATUS_SIGNATURE',
      'is signed by the signatory alone',
      () => said({}, { keys: good.keys.slice(1) }),
    ],
    ['VERIFY_STATUS_SIGNATURE', 'names another signatory', () => said({ authorisedBy: '0'.repeat(64) })],
    ['VERIFY_STATUS_SIGNATURE', 'is older than its keys', () => said({ effective: at(-9000) })],
    ['VERIFY_NO_TRUSTED_SIGNATURE', 'is by strangers', () => said({}, { keys: joint.keys })],
    ['VERIFY_STATUS_OTHER_REPORT', 'is about another report', () => said({ rk: '0'.repeat(64) })],
    ['VERIFY_EQUIVOCATION', 'is about other bytes of this revision', () => said({ payload: '0'.repeat(64) })],
    ['VERIFY_STATUS_ORDER', 'reinstates what stands', () => said({ op: 'reinstate' })],
    ['VERIFY_STATUS_MALFORMED', 'is a report', () => Promise.resolve(renderEnvelope(good.envelope))],
    ['VERIFY_STATUS_MALFORMED', 'is huge', () => Promise.resolve(new Uint8Array(100_000))],
    ['VERIFY_JSON_INVALID', 'is broken off', async () => (await said()).slice(0, -20)],
  ])('is refused with %s when it %s', async (code, _, make) => {
    expect(codeOf(good, { statuses: [await make()] })).toBe(code);
  });

  it('is refused when a key of it was revoked', async () => {
    const trust = trustIn(joint.keys, (entry) =>
      entry.keyid === southern.entry.keyid ? { ...entry, revokedAt: T0 } : entry,
    );
    const keys = [joint.keys[2]!, southern];
    const statuses = [
      await said({ op: 'suspend', authorisedBy: southern.signer.keyid }, { report: joint, keys }),
    ];
    expect(codeOf(joint, { trust, statuses })).toBe('VERIFY_STATUS_SIGNATURE');
  });

  it('that contradicts another is refused', async () => {
    const statuses = [await said({ effective: at(1) }), await said({ op: 'reinstate', effective: at(2) })];
    expect(codeOf(good, { statuses })).toBe('VERIFY_STATUS_ORDER');
  });
});
