import {
  type OrganisationId,
  parseName,
  parseQualifiedName,
  type RunnerId,
  type TestbedId,
} from '../domain/ids.ts';
import { err, ok, type Result } from '../kernel/result.ts';

/** Who a runner is. Taken from the URI SAN of its certificate and from nowhere else. */
export interface RunnerIdentity {
  readonly organisation: OrganisationId;
  readonly testbed: TestbedId;
  readonly runner: RunnerId;
}

const SHAPE = /^spiffe:\/\/patchbay\/org\/([^/]+)\/testbed\/([^/]+)\/runner\/([^/]+)$/u;

/** `spiffe://patchbay/org/<organisation>/testbed/<testbed>/runner/<runner>` */
export function renderRunnerIdentity({ organisation, testbed, runner }: RunnerIdentity): string {
  const [, name = ''] = testbed.split('/');
  return `spiffe://patchbay/org/${organisation}/testbed/${name}/runner/${runner}`;
}

export function parseRunnerIdentity(uri: string): Result<RunnerIdentity, string> {
  const [, organisation = '', name = '', runner = ''] = SHAPE.exec(uri) ?? [];
  const testbed = parseQualifiedName<TestbedId>(`${organisation}/${name}`);
  if (!testbed.ok || !parseName(runner).ok) return err('the certificate names no runner of a testbed');
  return ok({
    organisation: organisation as OrganisationId,
    testbed: testbed.value,
    runner: runner as RunnerId,
  });
}
