import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { HttpDeps } from './deps.ts';
import { CAMPAIGN_STATES } from '../../domain/campaign.ts';
import { RUN_STATES } from '../../domain/run.ts';

export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  answered(request: { method: string; route: string; status: number; seconds: number }): void;
}

/** Counts are taken from the store when somebody asks, so that they are true whichever orchestrator is asked. */
export function makeMetrics(deps: HttpDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'patchbay_' });
  const durations = new Histogram({
    name: 'patchbay_http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const count = makeCensus(deps, registry);
  return {
    contentType: registry.contentType,
    answered: ({ method, route, status, seconds }) =>
      durations.labels(method, route, String(status)).observe(seconds),
    render: async () => {
      await count();
      return registry.metrics();
    },
  };
}

function makeCensus({ store, queue, gateway, version }: HttpDeps, registry: Registry): () => Promise<void> {
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  gauge('patchbay_info', 'Version and backends', 'version', 'store', 'queue')
    .labels(version, store.backend, queue.backend)
    .set(1);
  const runs = gauge('patchbay_runs', 'Runs per state', 'state');
  const campaigns = gauge('patchbay_campaigns', 'Campaigns per state', 'state');
  const depth = gauge('patchbay_queue_depth', 'Ticks waiting or delayed');
  const attached = gauge('patchbay_runners_attached', 'Runners attached to this orchestrator');
  const silent = new Counter({
    name: 'patchbay_scrape_failures_total',
    help: 'Times that the store or the queue did not answer for these figures',
    labelNames: ['part'],
    registers: [registry],
  });
  const orCountSilence = async (part: string, look: () => Promise<void>): Promise<void> => {
    try {
      await look();
    } catch {
      silent.labels(part).inc();
    }
  };
  return async () => {
    attached.set(gateway.attached().length);
    await orCountSilence('store', async () => {
      const census = await store.census();
      for (const state of RUN_STATES) runs.labels(state).set(census.runs[state] ?? 0);
      for (const state of CAMPAIGN_STATES) campaigns.labels(state).set(census.campaigns[state] ?? 0);
    });
    await orCountSilence('queue', async () => depth.set(await queue.depth()));
  };
}
