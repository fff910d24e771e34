import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { parseConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/config/secret.ts';

const CWD = { cwd: '/somewhere' };

function configOf(environment: Record<string, string>) {
  const config = parseConfig(environment, CWD);
  if (!config.ok) throw new Error(config.error.join('\n'));
  return config.value;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  const config = parseConfig(environment, CWD);
  return config.ok ? [] : config.error;
}

describe('parseConfig', () => {
  it('needs nothing: an empty environment gives the embedded defaults, on loopback only', () => {
    const config = configOf({});
    expect(config).toMatchObject({
      home: '/somewhere/.patchbay',
      lab: 'lab-local',
      databaseUrl: null,
      redisUrl: null,
      http: { host: '127.0.0.1', port: 7480 },
      runnerListen: { host: '127.0.0.1', port: 7481 },
      enrolListen: { host: '127.0.0.1', port: 7482 },
      publicHosts: ['localhost', '127.0.0.1'],
      tsaUrl: null,
      logLevel: 'info',
      debug: false,
      limits: {},
    });
    expect(config.client).toEqual({ url: 'http://127.0.0.1:7480', token: null });
  });

  it('takes every variable', () => {
    const config = configOf({
      PATCHBAY_HOME: '/var/lib/patchbay',
      PATCHBAY_LAB: 'lab-north',
      DATABASE_URL: 'postgresql://u:p@db/patchbay',
      REDIS_URL: 'rediss://cache:6380/1',
      PATCHBAY_HTTP: '[::1]:0',
      PATCHBAY_RUNNER_LISTEN: '0.0.0.0:9001',
      PATCHBAY_ENROL_LISTEN: 'host.example:9002',
      PATCHBAY_PUBLIC_HOST: 'lab.example, 192.0.2.1,2001:db8::1',
      PATCHBAY_HEARTBEAT_MS: '250',
      PATCHBAY_GRACE_MS: '1000',
      PATCHBAY_TSA_URL: 'http://tsa.example/stamp?policy=1',
      LOG_LEVEL: 'debug',
      PATCHBAY_DEBUG: '1',
      PATCHBAY_URL: 'https://lab.example/patchbay/',
      PATCHBAY_TOKEN: 'patchbay_a_b',
    });
    expect(config.databaseUrl?.reveal()).toBe('postgresql://u:p@db/patchbay');
    expect(config.redisUrl?.reveal()).toBe('rediss://cache:6380/1');
    expect(config.client.token?.reveal()).toBe('patchbay_a_b');
    expect(config).toMatchObject({
      home: '/var/lib/patchbay',
      lab: 'lab-north',
      http: { host: '::1', port: 0 },
      runnerListen: { host: '0.0.0.0', port: 9001 },
      enrolListen: { host: 'host.example', port: 9002 },
      publicHosts: ['lab.example', '192.0.2.1', '2001:db8::1'],
      limits: { heartbeatMs: 250, graceMs: 1000 },
      tsaUrl: 'http://tsa.example/stamp?policy=1',
      logLevel: 'debug',
      debug: true,
    });
    expect(config.client.url).toBe('https://lab.example/patchbay');
  });

  it('reports all problems together, by name and never by value', () => {
    const wrong = {
      PATCHBAY_LAB: 'Lab North!',
      DATABASE_URL: 'mysql://user:hunter2@db',
      REDIS_URL: 'hunter2',
      PATCHBAY_HTTP: '7480',
      PATCHBAY_RUNNER_LISTEN: '127.0.0.1:70000',
      PATCHBAY_PUBLIC_HOST: 'ok.example,not ok',
      PATCHBAY_HEARTBEAT_MS: '0',
      PATCHBAY_GRACE_MS: '-5',
      PATCHBAY_TSA_URL: 'ftp://hunter2',
      LOG_LEVEL: 'loud',
      PATCHBAY_DEBUG: 'maybe',
      PATCHBAY_URL: 'https://user:hunter2@lab.example',
    };
    const problems = problemsOf(wrong);
    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(Object.keys(wrong).sort());
    expect(problems.join('\n')).not.toMatch(/hunter2|Lab North|loud|maybe/u);
  });

  it('takes an empty variable as not set', () => {
    expect(configOf({ DATABASE_URL: '', PATCHBAY_LAB: ' ' })).toMatchObject({
      databaseUrl: null,
      lab: 'lab-local',
    });
  });
});

describe('Secret', () => {
  it('shows itself only when asked', () => {
    const secret = new Secret('hunter2');
    const seen = [String(secret), JSON.stringify({ secret }), inspect({ secret })].join();
    expect(seen).not.toContain('hunter2');
    expect(seen).toContain('[secret]');
    expect(secret.reveal()).toBe('hunter2');
  });
});
