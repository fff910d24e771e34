import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait for many products one after the other: begun last, the suite would end with them alone. */
const LONGEST = ['test/e2e/defects/a1.test.ts', 'test/e2e/preflight.test.ts', 'test/e2e/defects/e2.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return rank === -1 ? LONGEST.length : rank;
    };
    return (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other));
  }
}

const project = (name: string, folders: readonly string[], timeoutMs: number) => ({
  extends: true as const,
  test: {
    name,
    include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
    testTimeout: timeoutMs,
    // Opening an embedded store on a busy machine takes its time.
    hookTimeout: Math.max(timeoutMs, 60_000),
    // Nothing of ours keeps state in a module, so that files may share them: loading took as long as testing.
    isolate: false,
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      project('fast', ['unit', 'property', 'contract', 'golden'], 20_000),
      project('integration', ['integration'], 60_000),
      project('e2e', ['e2e'], 180_000),
      // Not part of the suite: `npm run sctp:kernel`, in a guest whose kernel speaks SCTP.
      project('guest', ['guest'], 60_000),
    ],
  },
});
