import { describe, expect, it } from 'vitest';

import { makeLog } from '../../../../src/adapters/log-pino/log.ts';
import { HarnessError } from '../../../../src/kernel/errors.ts';

function aLog(level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = [];
  const log = makeLog({ level, version: '1.2.3', destination: { write: (line) => lines.push(line) } });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
  return { log, lines, last };
}

describe('makeLog', () => {
  it('writes one JSON object a line: message, event, bound ids, time and level in words', () => {
    const { log, last, lines } = aLog();
    log
      .child({ campaignId: 'lab/c1' })
      .info({ event: 'testcase.judged', verdict: 'pass' }, 'test case judged');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(last()).toMatchObject({
      level: 'info',
      program: 'patchbay',
      version: '1.2.3',
      campaignId: 'lab/c1',
      event: 'testcase.judged',
      verdict: 'pass',
      msg: 'test case judged',
    });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
  });

  it('keeps what is below its level to itself', () => {
    const { log, lines } = aLog('warn');
    log.info({}, 'quiet');
    log.warn({}, 'loud');
    expect(lines).toHaveLength(1);
  });

  it('does not print credentials, wherever they hang', () => {
    const { log, lines } = aLog();
    log.info({ token: 'hunter2', request: { authorization: 'Bearer hunter2' } }, 'asked');
    log.child({ secret: 'hunter2' }).error({ options: { databaseUrl: 'postgres://hunter2@db' } }, 'broke');
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('prints an error with its code and its cause', () => {
    const { log, last } = aLog();
    const err = new HarnessError('STORE_FULL', 'no room', { cause: new Error('ENOSPC') });
    log.error({ event: 'store.broken', err, code: err.code }, 'store broken');
    expect(last()).toMatchObject({
      code: 'STORE_FULL',
      err: { message: 'no room', cause: { message: 'ENOSPC' } },
    });
  });
});
