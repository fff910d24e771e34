import type { Io } from './io.ts';
import type { LabView } from './lab.ts';

const BAR_WIDTH = 24;
const SUT_WIDTH = 44;

export interface Progress extends AsyncDisposable {
  readonly show: (view: LabView) => void;
  readonly done: () => void;
}

/**
 * On a terminal: one line a run with a bar, redrawn in place. Elsewhere: one line for each change of state.
 */
export function makeProgress(io: Io): Progress {
  return io.isTty ? makeBars(io) : makeLines(io);
}

function makeLines(io: Io): Progress {
  const said = new Map<string, string>();
  return {
    show: ({ campaign, runs }) => {
      const lines = [
        [campaign.id, `campaign ${campaign.id}: ${campaign.life.state}`] as const,
        ...runs.map(
          ({ run }) => [run.id, `${run.plan.id} on ${run.subjects.join('+')}: ${stateOf(run)}`] as const,
        ),
      ];
      for (const [id, line] of lines) {
        if (said.get(id) === line) continue;
        said.set(id, line);
        io.stderr(`${line}\n`);
      }
    },
    done: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function makeBars(io: Io): Progress {
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) io.stderr(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  return {
    show: ({ runs }) => {
      erase();
      const lines = runs.map(({ run, progress, cases }) => {
        const part = cases === 0 ? 0 : Math.min(1, progress.records / cases);
        const bar = '█'.repeat(Math.round(part * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');
        const what = `${run.plan.id} · ${run.subjects.join(' + ')}`;
        return `${fit(what, SUT_WIDTH)} ${bar} ${progress.records}/${cases} ${stateOf(run)}\n`;
      });
      io.stderr(lines.join(''));
      drawn = lines.length;
    },
    done: erase,
    [Symbol.asyncDispose]: () => {
      drawn = 0;
      return Promise.resolve();
    },
  };
}

function stateOf({ life }: LabView['runs'][number]['run']): string {
  if (life.state === 'final') return `final, ${life.finding}`;
  if ((life.state === 'leasing' || life.state === 'queued') && life.waitsFor !== null) {
    return `${life.state}, waits (${life.waitsFor.code})`;
  }
  return life.state;
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
