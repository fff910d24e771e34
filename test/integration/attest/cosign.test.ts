import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Statement } from '../../../src/attest/format/statement.ts';
import { T0 } from '../../support/reports.ts';
import type { DeepMutable } from '../../support/signed-report.ts';
import {
  ACCEPTED,
  ALL,
  type Change,
  CO_SIGNER,
  edit,
  issueReport,
  keyidIn,
  LEAD,
  openTwoLabs,
  PART,
  patchbay,
  type TwoLabs,
} from '../../support/two-labs.ts';

let fresh: TwoLabs;
let labs: TwoLabs;
const atNow = () => vi.useFakeTimers({ toFake: ['Date'], now: T0 + 600_000 });
beforeAll(async () => {
  atNow();
  fresh = await openTwoLabs();
});
afterAll(() => fresh[Symbol.asyncDispose]());
beforeEach(async () => {
  atNow();
  labs = await fresh.copy();
});
afterEach(async () => {
  vi.useRealTimers();
  await labs[Symbol.asyncDispose]();
});

describe('two labs and one report', () => {
  it('sign it by files alone, and both accept it', async () => {
    const file = await labs.request();
    expect(await labs.verify(labs.envelope)).toBe('1 VERIFY_SIGNATURE_MISSING');
    const { stdout } = await patchbay('cosign', 'check', file, '--trust', join(labs.south, 'trust'));
    expect(stdout).toContain('agrees');
    expect(stdout).toContain(`awaited   ${CO_SIGNER}`);
    expect(await labs.sign(file)).toBe(ACCEPTED);
    expect(await labs.merge()).toBe(ACCEPTED);
    for (const lab of [labs.north, labs.south]) expect(await labs.verify(labs.merged, lab)).toBe(ACCEPTED);
    const { signatures } = JSON.parse(await readFile(labs.merged, 'utf8')) as {
      signatures: { keyid: string }[];
    };
    expect(signatures.map(({ keyid }) => keyid)).toEqual([
      await keyidIn(join(labs.north, 'keys'), 'report-system'),
      await keyidIn(join(labs.north, 'keys'), 'authorised-signatory'),
      (await labs.cosigner()).keyid,
    ]);
  });

  it('may merge again, and nothing changes', async () => {
    await labs.both();
    const once = await readFile(labs.merged);
    expect(await labs.merge(labs.merged)).toBe(ACCEPTED);
    expect(await readFile(labs.merged)).toEqual(once);
  });

  it('may agree on a part: the request then opens that part and no other', async () => {
    const file = await labs.request(PART);
    const { stdout } = await patchbay(
      'cosign',
      'check',
      file,
      '--trust',
      join(labs.south, 'trust'),
      '--json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'checked',
      recomputed: [{ number: 'a1-producer:A1-003', finding: 'fail', attempts: 2 }],
      disclosed: { cases: 1, sections: 1 },
      undisclosed: { inside: 0 },
      awaited: [{ lab: CO_SIGNER }],
    });
    expect(await labs.sign(file)).toBe(ACCEPTED);
    expect(await labs.merge()).toBe(ACCEPTED);
    expect(await labs.verify()).toBe(ACCEPTED);
  });

  it('and a third: its signature may come later, and is missed until then', async () => {
    const west = { lab: 'lab-west', keyid: 'd'.repeat(64), scope: ['*'] };
    const report = await issueReport(labs.north, [await labs.cosigner(), west]);
    const file = join(labs.south, 'request.json');
    await patchbay('cosign', 'request', report, '--for', CO_SIGNER, '--out', file);
    expect(await labs.sign(file)).toBe(ACCEPTED);
    const { stdout } = await patchbay(
      ...['cosign', 'merge', labs.envelope, labs.sig],
      ...['--trust', join(labs.north, 'trust'), '--out', labs.merged, '--json'],
    );
    expect(JSON.parse(stdout)).toMatchObject({ awaited: ['lab-west'] });
    expect(await labs.verify()).toBe('1 VERIFY_KEY_UNKNOWN');
  });
});

describe('a co-signed report is refused', () => {
  it.each([0, 1, 2])('without signature %i', async (gone) => {
    await labs.both();
    await edit(labs.merged, (json: { signatures: unknown[] }) => json.signatures.splice(gone, 1));
    expect(await labs.verify()).toBe('1 VERIFY_SIGNATURE_MISSING');
  });

  it('without the entry that names the co-signer: then nobody has signed these bytes', async () => {
    await labs.both();
    await edit(labs.merged, (json: { payload: string }) => {
      const statement = JSON.parse(Buffer.from(json.payload, 'base64').toString()) as DeepMutable<Statement>;
      statement.predicate.signatories.pop();
      json.payload = Buffer.from(JSON.stringify(statement)).toString('base64');
    });
    expect(await labs.verify()).toBe('1 VERIFY_NO_TRUSTED_SIGNATURE');
  });

  it.each<[string, string, Change]>([
    [
      'the entry is gone and the lead signed anew',
      '1 VERIFY_LABS_TOO_FEW',
      ({ predicate }) => predicate.signatories.pop(),
    ],
    [
      'the entry is gone and fewer labs are asked for',
      '1 VERIFY_ROLE_MISSING',
      ({ predicate }) => {
        predicate.signatories.pop();
        predicate.signaturePolicy.labs = 1;
      },
    ],
  ])('when %s', async (_, code, change) => {
    await labs.both();
    await issueReport(labs.north, [await labs.cosigner()], { change });
    expect(await labs.verify(labs.envelope)).toBe(code);
    expect(await labs.merge()).toBe(code);
  });

  it('when the lead stands in for the co-signer with one more key of its own', async () => {
    await patchbay('keys', 'rotate', '--role', 'lab-system', '--dir', join(labs.north, 'keys'));
    await patchbay('keys', 'export', '--dir', join(labs.north, 'keys'), '--out', join(labs.north, 'trust'));
    const keys = JSON.parse(await readFile(join(labs.north, 'keys/keys.json'), 'utf8')) as {
      keyid: string;
    }[];
    const old = keys[0]?.keyid ?? '';
    const report = await issueReport(labs.north, [{ lab: LEAD, keyid: old, ...ALL }], {
      change: ({ predicate }) => {
        predicate.signaturePolicy.labs = 2;
      },
    });
    const file = join(labs.north, 'request.json');
    await patchbay('cosign', 'request', report, '--for', LEAD, '--out', file);
    const where = ['--trust', join(labs.north, 'trust'), '--keys', join(labs.north, 'keys')];
    await patchbay('cosign', 'sign', file, ...where, '--out', labs.sig);
    expect(await labs.merge()).toBe('1 VERIFY_LABS_TOO_FEW');
  });

  it('when one lab signs twice with one key', async () => {
    await labs.both();
    await edit(labs.merged, (json: { signatures: unknown[] }) =>
      json.signatures.splice(1, 1, json.signatures[0]),
    );
    expect(await labs.verify()).toBe('1 VERIFY_SIGNATURE_MISSING');
  });
});
