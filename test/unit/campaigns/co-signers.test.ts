import { expect, it } from 'vitest';
import type { Statement } from '../../../src/attest/format/statement.ts';
import type { Digest, RunId } from '../../../src/domain/ids.ts';
import { openCampaignHouse, PASS } from '../../support/campaign-house.ts';
import { aPlan } from '../../support/plans.ts';
import { LAB } from '../../support/things.ts';

it('a campaign names the labs that co-sign in its reports, each with what it speaks for there', async () => {
  await using house = await openCampaignHouse();
  const keyid = (digit: string): string => digit.repeat(64);
  const id = await house.submit({
    coSigners: [
      { lab: 'lab-south', keyid: keyid('a'), scope: ['items', `case:${aPlan().id}:T-001`] },
      { lab: 'lab-west', keyid: keyid('b'), scope: ['*'] },
    ],
  });
  await house.play((await house.runs(id))[0]?.id ?? ('' as RunId), { 'T-001': PASS, 'T-002': PASS });
  const [report] = await house.store.reports(id);
  const bytes = await house.evidence.get(report?.files['report.dsse.json'] ?? ('' as Digest));
  const envelope = JSON.parse(Buffer.from(bytes).toString()) as { payload: string; signatures: unknown[] };
  const { predicate } = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as Statement;
  expect(envelope.signatures).toHaveLength(2);
  expect(predicate.signaturePolicy).toEqual({
    labs: 3,
    roles: ['lab-system', 'authorised-signatory', 'co-signing-lab'],
  });
  expect(predicate.signatories.slice(2)).toEqual([
    {
      lab: 'lab-south',
      role: 'co-signing-lab',
      keyid: keyid('a'),
      scope: ['items', `case:${aPlan().id}:T-001`],
    },
    { lab: 'lab-west', role: 'co-signing-lab', keyid: keyid('b'), scope: ['*'] },
  ]);
  await expect(
    house.submit({ coSigners: [{ lab: 'lab-south', keyid: keyid('a'), scope: ['case:other:T-001'] }] }),
  ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(
    house.submit({ coSigners: [{ lab: LAB, keyid: keyid('a'), scope: ['*'] }] }),
  ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
