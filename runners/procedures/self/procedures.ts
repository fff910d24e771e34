import { pause } from '../../../src/kernel/deadline.ts';
import { type Bench, clause, type Judged, type Procedure, type Seen } from '../procedure.ts';

/**
 * Speaks to nobody: shows that plans, leases, runners, records and evidence hang together. Used by the self-check
 * plan and by the chaos runs, where the way itself is what is looked at.
 */
const noop: Procedure = {
  id: 'self.noop',
  parameters: {
    pauseMs: { type: 'number', unit: 'ms', about: 'how long the case waits between its two observations' },
  },
  clauses: ['observed'],

  async drive(bench: Bench, { signal }): Promise<void> {
    bench.observe('begin', 'note', 'nothing is sent to anybody');
    bench.stimulated();
    const pauseMs = bench.number('pauseMs');
    if (pauseMs > 0) await pause(pauseMs, { signal });
    bench.observe('end', 'note', 'still here');
  },

  judge({ observations }: Seen): Judged {
    const steps = observations.map(({ step }) => step);
    const whole = steps.length === 2 && steps[0] === 'begin' && steps[1] === 'end';
    return {
      clauses: [
        clause(
          'observed',
          [whole ? 'pass' : 'fail', `observed ${steps.join(', ')}`],
          ...observations.map(({ n }) => n),
        ),
      ],
    };
  },
};

/** The shortest case there is: nothing is sent and nothing is seen, so that only the way of a record costs anything. */
const nothing: Procedure = {
  id: 'self.nothing',
  parameters: {},
  clauses: ['reached'],
  drive: () => Promise.resolve(),
  judge: () => ({ clauses: [clause('reached', ['pass', 'the case was reached'])] }),
};

export const SELF_PROCEDURES: readonly Procedure[] = [noop, nothing];
