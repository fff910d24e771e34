import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { anEquipment } from '../../support/equipment.ts';
import { differences, runPlan, SECURED, withRic } from './run-plan.ts';

/** What the defect matrix (test/e2e/defects/) does not show. */
describe('api-security against the near-RT RIC simulator', () => {
  it('leaves no token and no secret in what it observed', async () => {
    await withRic({ settings: SECURED, defects: [] }, async (equipment, dir) => {
      const runs = await runPlan(equipment);
      const observed = JSON.stringify([...runs.values()].map(({ observations }) => observations));
      expect(observed).not.toMatch(/eyJ[A-Za-z0-9_-]+\.eyJ/u);
      for (const name of ['full.secret', 'readonly.secret'])
        expect(observed).not.toContain(await readFile(`${dir}/${name}`, 'utf8'));
      expect(observed).not.toContain('PRIVATE KEY');
    });
  });

  it('over HTTP has nothing to say of TLS and tokens, and passes the rest', async () => {
    await withRic({ settings: {}, defects: [] }, async (equipment) => {
      expect(differences(await runPlan(equipment))).toEqual({
        'SEC-TLS-001': { verdict: 'notApplicable' },
        'SEC-X509-001': { verdict: 'notApplicable' },
        'SEC-OAUTH-001': { verdict: 'notSupportedByDut' },
      });
    });
  });

  it('fails an end point without TLS whose ICS claims it', async () => {
    await withRic({ settings: {}, defects: [] }, async (equipment) => {
      const liar = { ...equipment, ics: { ...equipment.ics, 'security.tls': true } };
      expect(differences(await runPlan(liar))).toMatchObject({
        'SEC-TLS-001': { verdict: 'fail', clauses: { tls12: 'fail', tls13: 'fail', 'no-cleartext': 'fail' } },
      });
    });
  });

  it('is blocked where nothing listens', async () => {
    await withRic({ settings: SECURED, defects: [] }, async (equipment) => {
      const gone = anEquipment({
        ics: equipment.ics,
        interfaces: { a1: { endpoint: { url: 'https://127.0.0.1:1' } } },
      });
      const runs = await runPlan(gone);
      expect([...runs.values()].map(({ finding }) => finding)).toEqual([
        'blocked',
        'blocked',
        'notSupportedByTestbed',
        'blocked',
      ]);
      expect([...runs.values()].some(({ stimulated }) => stimulated)).toBe(false);
    });
  });
});
