import { describe, expect, it } from 'vitest';
import type { StoredReport } from '../../src/campaigns/store-ports.ts';
import type {
  IssueOrder,
  StoredImport,
  StoredStatus,
  WithdrawOrder,
} from '../../src/campaigns/report-orders.ts';
import type { Store } from '../../src/campaigns/store-ports.ts';
import type { CampaignId, Digest, Instant } from '../../src/domain/ids.ts';
import { aStoredCampaign, fresh, LAB, T0 } from '../support/store-things.ts';

const FILE = `sha256:${'b'.repeat(64)}` as Digest;

const anOrder = (campaign: CampaignId, changes: Partial<IssueOrder> = {}): IssueOrder => ({
  ...{ op: 'issue', campaign, organisation: LAB, sut: 'acme.ric', seq: 1, at: T0, report: fresh('report') },
  ...{ revision: { kind: 'original', n: 1 }, supersedes: null, asked: null, secret: 'NUL \u0000 "x"' },
  ...{ opinions: [], overrides: [], imports: [] },
  frame: { organisations: [], testbeds: [], version: '0.0.0' },
  ...changes,
});
const aReportOf = ({ report, campaign, sut, at, revision }: IssueOrder): StoredReport => ({
  ...{ id: report, campaign, organisation: LAB, sut, revision: revision.n, payloadDigest: 'ab'.repeat(32) },
  ...{ issuedAt: at, files: { 'report.dsse.json': FILE } },
});
const aStatusOf = (report: string, op: StoredStatus['op']): StoredStatus => ({
  ...{ report, op, organisation: LAB, at: T0, reason: 'why', file: FILE },
});
const aFinalCampaign = (store: Store) =>
  store.createCampaign(aStoredCampaign({ life: { state: 'final', since: T0, reason: null } }));

/** What every store must do about decisions on reports and results of others. */
export function reportContract(storeOf: () => Store): void {
  describe('orders on reports', () => {
    it('are kept in their order; one number is given once', async () => {
      const store = storeOf();
      const { id } = await store.createCampaign(aStoredCampaign());
      const [one, two] = [anOrder(id), anOrder(id, { seq: 2 })];
      await store.putReportOrder(one);
      await store.putReportOrder(two);
      await store.putReportOrder(one);
      await expect(store.putReportOrder({ ...two, report: 'other' })).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
      });
      const elsewhere = anOrder(id, { sut: 'beta.ric' });
      await store.putReportOrder(elsewhere);
      expect(await store.reportOrders(one)).toEqual([one, two]);
      expect(await store.reportOrders(elsewhere)).toEqual([elsewhere]);
    });

    it('let one of many through, whoever comes at once', async () => {
      const store = storeOf();
      const { id } = await store.createCampaign(aStoredCampaign());
      const orders = Array.from({ length: 8 }, () => anOrder(id));
      const tries = await Promise.allSettled(orders.map((order) => store.putReportOrder(order)));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.reportOrders({ campaign: id, sut: 'acme.ric' })).toHaveLength(1);
    });

    it('are unfinished until all that follows from them is stored, in final campaigns only', async () => {
      const store = storeOf();
      const mine = async (): Promise<readonly number[]> =>
        (await store.unfinishedOrders(1000)).filter(({ campaign }) => campaign === id).map(({ seq }) => seq);
      const { id } = await aFinalCampaign(store);
      const open = await store.createCampaign(aStoredCampaign());
      await store.putReportOrder(anOrder(open.id));
      const first = anOrder(id);
      await store.putReportOrder(first);
      expect(await mine()).toEqual([1]);
      expect((await store.unfinishedOrders(1000)).some(({ campaign }) => campaign === open.id)).toBe(false);
      await store.putReport(aReportOf(first));
      expect(await mine()).toEqual([]);

      const replaces = { revision: 1, payload: 'a'.repeat(64) };
      const revision = { kind: 'amendment', n: 2, reason: 'x', replaces } as const;
      const second = anOrder(id, { seq: 2, revision, supersedes: first.report, at: (T0 + 1) as Instant });
      await store.putReportOrder(second);
      await store.putReport(aReportOf(second));
      expect(await mine()).toEqual([2]);
      await store.putReportStatus(aStatusOf(first.report, 'amend'));
      expect(await mine()).toEqual([]);

      const third: WithdrawOrder = {
        ...{
          op: 'withdraw',
          campaign: id,
          organisation: LAB,
          sut: 'acme.ric',
          seq: 3,
          at: (T0 + 2) as Instant,
        },
        ...{ report: second.report, asked: { reason: 'r', by: 'b' }, revision: 2, payload: 'a'.repeat(64) },
      };
      await store.putReportOrder(third);
      expect(await mine()).toEqual([3]);
      await store.putReportStatus(aStatusOf(second.report, 'withdraw'));
      expect(await mine()).toEqual([]);
    });
  });

  it('keeps the first status of a kind that a report gets', async () => {
    const store = storeOf();
    const { id } = await store.createCampaign(aStoredCampaign());
    const order = anOrder(id);
    await store.putReport(aReportOf(order));
    const first = aStatusOf(order.report, 'withdraw');
    expect(await store.putReportStatus(first)).toEqual(first);
    expect(await store.putReportStatus({ ...first, reason: 'other' })).toEqual(first);
    await store.putReportStatus(aStatusOf(order.report, 'replace'));
    const ops = (await store.reportStatuses(id)).map(({ op }) => op);
    expect(ops.sort()).toEqual(['replace', 'withdraw']);
  });

  it('keeps results of others once, in the order in which they came', async () => {
    const store = storeOf();
    const { id: campaign } = await store.createCampaign(aStoredCampaign());
    const anImport = (origin: string): StoredImport => ({
      ...{ id: fresh('import'), campaign, organisation: LAB, sut: 'acme.ric' },
      results: {
        ...{ format: 'junit', origin, digest: FILE, bytes: 3, importedAt: T0, remarks: ['half \ud800'] },
        cases: [{ suite: 's', name: 'n', finding: 'pass', said: 'no child' }],
      },
    });
    const [one, two] = [anImport('Lab West \u0000'), anImport('Lab East')];
    expect(await store.putReportImport(one)).toEqual(one);
    await store.putReportImport(two);
    const later = { ...one, results: { ...one.results, importedAt: (T0 + 9) as Instant } };
    expect(await store.putReportImport(later)).toEqual(one);
    expect(await store.reportImports(one)).toEqual([one, two]);
    expect(await store.reportImports({ campaign, sut: 'beta.ric' })).toEqual([]);
  });
}
