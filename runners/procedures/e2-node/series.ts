import { SERIES, seriesData } from '../../../src/evidence/series-log.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import { seenPdus } from '../e2/seen-messages.ts';
import type { Bench } from '../procedure.ts';
import { askedIn, indicationsFor, seriesOf } from './reports.ts';

/** A bench that remembers what was observed on it, and can say at the end what was measured. */
export interface SeriesBench {
  readonly bench: Bench;
  /** Observes the values of all indications so far as series in time, for whoever shows them. */
  readonly observeSeries: () => void;
}

export function withSeries(bench: Bench): SeriesBench {
  const observations: Observation[] = [];
  const remembering: Bench = {
    ...bench,
    observe: (step, kind, data) => {
      const observation = bench.observe(step, kind, data);
      observations.push(observation);
      return observation;
    },
  };
  return {
    bench: remembering,
    observeSeries: () => {
      const pdus = seenPdus(observations);
      const asked = askedIn(pdus);
      if (asked === undefined) return;
      const { series } = seriesOf(indicationsFor(pdus, asked), asked);
      if (series.length > 0) bench.observe('series', SERIES, seriesData(series));
    },
  };
}
