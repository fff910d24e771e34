import { describe, expect, it } from 'vitest';
import { readExhibits } from '../../../src/campaigns/read-exhibits.ts';
import { MESSAGE, messageData } from '../../../src/evidence/message-log.ts';
import { renderObservations } from '../../../src/evidence/observations.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { aTraceMessage } from '../../support/a-trace.ts';
import { aDigest } from '../../support/reports.ts';
import { tracedReport } from '../../support/traced-report.ts';

const { t, ...seen } = aTraceMessage();
const data = messageData({ ...seen, interface: 'e2', bytes: '00' });
const bytes = renderObservations([{ n: 0, t, step: 'subscribe', kind: MESSAGE, data }]);

describe('the exhibits of a report', () => {
  it('are the messages of cases that exchanged some, and nobody else’s evidence is read', async () => {
    const asked: string[] = [];
    const get = (digest: string) => Promise.resolve(asked.push(digest) > 0 ? bytes : bytes);
    expect(await readExhibits({ get }, tracedReport())).toEqual(
      new Map([[aDigest('a'), { trace: [aTraceMessage()], series: [] }]]),
    );
    expect(asked).toEqual([aDigest('a')]);
  });

  it('say why they are missing, when evidence is', async () => {
    const get = () => Promise.reject(new HarnessError('EVIDENCE_MISSING', 'gone'));
    const exhibits = await readExhibits({ get }, tracedReport());
    expect(exhibits.get(aDigest('a'))).toEqual({ missing: 'EVIDENCE_MISSING: gone' });
  });

  it('do not hide that the store is down', async () => {
    const get = () => Promise.reject(new HarnessError('STORE_UNAVAILABLE', 'down'));
    await expect(readExhibits({ get }, tracedReport())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
