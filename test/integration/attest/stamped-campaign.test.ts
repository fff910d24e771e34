import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeHttpTimeStamper } from '../../../src/adapters/tsa-http/time-stamper.ts';
import { verifyFiles } from '../../../src/attest/verify/verify-files.ts';
import { openCampaignHouse, PASS } from '../../support/campaign-house.ts';
import { hasOpenssl, startOpensslTsa } from '../../support/openssl-tsa.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { put } from '../../support/two-labs.ts';

it.skipIf(!hasOpenssl)(
  'a campaign ends with a report that a real authority has stamped (needs openssl)',
  async () => {
    await using tsa = await startOpensslTsa();
    // The authority has a clock of its own.
    await using house = await openCampaignHouse({
      stamper: makeHttpTimeStamper({ url: tsa.url }),
      startMs: Date.now(),
    });
    await using scratch = await scratchFolder();
    const at = (name: string): string => join(scratch.path, name);
    const campaign = await house.submit();
    for (const run of await house.runs(campaign)) await house.play(run.id, { 'T-001': PASS, 'T-002': PASS });
    const [report] = await house.store.reports(campaign);
    for (const [name, digest] of Object.entries(report?.files ?? {}))
      await put(at(name), await house.evidence.get(digest));
    for (const [path, bytes] of [...house.trust, ['tsa/east.pem', tsa.rootPem] as const])
      await put(join(at('trust'), path), bytes);
    const verified = await verifyFiles(
      { file: at('report.dsse.json'), trust: at('trust'), timestamps: at('timestamps') },
      { now: Date.now(), signal: new AbortController().signal },
    );
    expect(verified).toMatchObject({ status: 'accepted', report: { issuedAtConfirmed: true } });
    const times = verified.status === 'accepted' ? verified.signers.map(({ time }) => time.by) : [];
    expect(times).toEqual(['timestamp', 'timestamp']);
  },
);
