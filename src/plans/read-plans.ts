import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Document, parseDocument } from '../documents/document.ts';
import { type Mistake, type Problem, wholeFile } from '../documents/problem.ts';
import { readSource, type Source } from '../documents/source.ts';
import type { Digest } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { checkPlanAlone } from './check-plan.ts';
import { EXPECTED_DOCUMENT, type ExpectedFile } from './expected-file.ts';
import { PLAN_DOCUMENT, planOf } from './plan-file.ts';
import { planDigest } from './plan-digest.ts';

/** A plan that does not contradict itself, and still knows where everything in it stands. */
export interface PlanDocument {
  readonly path: string;
  readonly plan: TestPlan;
  readonly digest: Digest;
  readonly locate: (mistakes: readonly Mistake[]) => readonly Problem[];
}

/** What lies in one folder of `testplans/`. */
export interface PlanFolder extends PlanDocument {
  readonly expected: Document<ExpectedFile> | null;
}

export interface PlanShelf {
  /** In the order of their ids; without those that have problems. */
  readonly plans: readonly PlanFolder[];
  readonly problems: readonly Problem[];
}

/** A plan from YAML or JSON text. */
export function parsePlan(source: Source): Result<PlanDocument, readonly Problem[]> {
  const document = parseDocument(source, PLAN_DOCUMENT);
  if (!document.ok) return document;
  const { value: file, locate } = document.value;
  if ((file.subject === undefined) === (file.subjects === undefined))
    return err(
      locate([{ at: [], what: 'exactly one of the fields "subject" and "subjects" must be there' }]),
    );
  const plan = planOf(file);
  const problems = locate(checkPlanAlone(plan));
  return problems.length > 0
    ? err(problems)
    : ok({ path: source.path, plan, digest: planDigest(plan), locate });
}

/** The plan in `folder/plan.yaml`, whose id is the name of the folder, and `folder/expected.yaml` when it is there. */
export async function readPlan(folder: string): Promise<Result<PlanFolder, readonly Problem[]>> {
  const source = await readSource(join(folder, 'plan.yaml'));
  if (!source.ok) return source;
  const plan = parsePlan(source.value);
  const expected = await readExpected(folder);
  const problems = [
    ...(plan.ok ? checkFolderName(plan.value, folder) : plan.error),
    ...(expected.ok ? [] : expected.error),
  ];
  if (!plan.ok || !expected.ok || problems.length > 0) return err(problems);
  return ok({ ...plan.value, expected: expected.value });
}

/** Every folder in `root` that holds a `plan.yaml`. */
export async function readPlans(root: string): Promise<PlanShelf> {
  const folders = await planFolders(root);
  if (!folders.ok) return { plans: [], problems: [folders.error] };
  const plans: PlanFolder[] = [];
  const problems: Problem[] = [];
  for (const folder of folders.value) {
    const plan = await readPlan(folder);
    if (plan.ok) plans.push(plan.value);
    else problems.push(...plan.error);
  }
  return { plans, problems };
}

async function planFolders(root: string): Promise<Result<readonly string[], Problem>> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    return ok(names.map(({ name }) => join(root, name)).sort());
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') throw error;
    return err(wholeFile(root, 'not a folder that can be read'));
  }
}

async function readExpected(
  folder: string,
): Promise<Result<Document<ExpectedFile> | null, readonly Problem[]>> {
  const names = await readdir(folder);
  if (!names.includes('expected.yaml')) return ok(null);
  const source = await readSource(join(folder, 'expected.yaml'));
  return source.ok ? parseDocument(source.value, EXPECTED_DOCUMENT) : source;
}

function checkFolderName({ plan, locate }: PlanDocument, folder: string): readonly Problem[] {
  const name = basename(resolve(folder));
  return name === plan.id
    ? []
    : locate([
        { at: ['id'], what: `the plan "${plan.id}" lies in the folder "${name}": they must be the same` },
      ]);
}
