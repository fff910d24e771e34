import { parseDocument } from '../documents/document.ts';
import { suggestion } from '../documents/nearest.ts';
import type { Mistake, Path, Problem } from '../documents/problem.ts';
import { readSource, type Source } from '../documents/source.ts';
import type { Equipment, EquipmentAuth, EquipmentInterface, TlsMaterial } from '../domain/equipment.ts';
import type { EquipmentId, OrganisationId, TestbedId } from '../domain/ids.ts';
import type { Role } from '../domain/plan.ts';
import { parseInstant } from '../domain/time.ts';
import type { Json } from '../kernel/json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { EQUIPMENT_DOCUMENT, type EquipmentFile } from './equipment-file.ts';
import { type Inliner, makeInliner, type ReadText, readTextFile } from './inline.ts';
import { TIME_WORDS } from './shapes.ts';

export interface EquipmentDocument {
  readonly path: string;
  readonly equipment: Equipment;
  readonly locate: (mistakes: readonly Mistake[]) => readonly Problem[];
}

export interface EquipmentOptions {
  readonly readText: ReadText;
  /** Testbeds that a location without organisation may mean; without them, one of the equipment's own organisation. */
  readonly testbeds?: readonly TestbedId[];
}

export async function readEquipment(
  path: string,
  options: Partial<EquipmentOptions> = {},
): Promise<Result<EquipmentDocument, readonly Problem[]>> {
  const source = await readSource(path);
  return source.ok ? parseEquipment(source.value, { readText: readTextFile, ...options }) : source;
}

/** Equipment from YAML or JSON text, resolved: ids qualified, public files inlined, secrets by absolute path. */
export async function parseEquipment(
  source: Source,
  { readText, testbeds }: EquipmentOptions,
): Promise<Result<EquipmentDocument, readonly Problem[]>> {
  const document = parseDocument(source, EQUIPMENT_DOCUMENT);
  if (!document.ok) return document;
  const { value: file, locate } = document.value;
  const inliner = makeInliner(source.path, readText);
  const id = qualify(file.id, file.organisation);
  const location = locationOf(file, testbeds);
  const equipment: Equipment = {
    id: id as EquipmentId,
    organisation: file.organisation as OrganisationId,
    role: file.role,
    product: file.product,
    versions: file.versions ?? {},
    digests: file.digests ?? {},
    interfaces: await inlineInterfaces(file, inliner),
    ics: file.ics ?? {},
    ixit: (await inliner.within(file.ixit ?? {}, ['ixit'])) as Readonly<Record<string, Json>>,
    ...(file.auth === undefined ? {} : { auth: authOf(file.auth, inliner) }),
    ...(location === undefined || !location.ok ? {} : { location: { testbed: location.value } }),
    ...(file.received === undefined ? {} : { received: file.received }),
    ...(file.simulator === undefined
      ? {}
      : { simulator: { ...file.simulator, defects: file.simulator.defects ?? [] } }),
  };
  const problems = locate([
    ...checkId(file, id),
    ...checkEndPoints(file),
    ...checkIxit(file),
    ...checkReceived(file),
    ...(location?.ok === false ? [location.error] : []),
    ...inliner.mistakes,
  ]);
  return problems.length > 0 ? err(problems) : ok({ path: source.path, equipment, locate });
}

/** A document that {@link parseEquipment} reads back as the same equipment, with no file to look for. */
export function equipmentDocument(
  equipment: Equipment,
): Equipment & Pick<EquipmentFile, 'apiVersion' | 'kind'> {
  return { apiVersion: 'patchbay/v1', kind: 'Equipment', ...equipment };
}

export type SimulatorCatalogue = ReadonlyMap<
  string,
  {
    readonly role: Role;
    readonly alsoRoles?: readonly Role[];
    readonly defects: Readonly<Record<string, string>>;
  }
>;

/** Whether the simulator that stands for the equipment exists, in that role, with those defect modes. */
export function checkSimulator(
  { simulator, role }: Equipment,
  known: SimulatorCatalogue,
): readonly Mistake[] {
  if (simulator === undefined) return [];
  const facts = known.get(simulator.name);
  if (facts === undefined) {
    const what = `no simulator is called "${simulator.name}"${suggestion(simulator.name, [...known.keys()])}`;
    return [{ at: ['simulator', 'name'], what }];
  }
  const names = Object.keys(facts.defects);
  const roles = [facts.role, ...(facts.alsoRoles ?? [])];
  return [
    ...(roles.includes(role)
      ? []
      : [{ at: ['role'], what: `the simulator ${simulator.name} is a ${roles.join(' or ')}` }]),
    ...simulator.defects.flatMap((defect, index) =>
      names.includes(defect)
        ? []
        : [
            {
              at: ['simulator', 'defects', index],
              what: `${simulator.name} has no defect mode "${defect}"${suggestion(defect, names)}`,
            },
          ],
    ),
  ];
}

export function qualify(reference: string, organisation: string): string {
  return reference.includes('/') ? reference : `${organisation}/${reference}`;
}

async function inlineInterfaces(
  file: EquipmentFile,
  inliner: Inliner,
): Promise<Readonly<Record<string, EquipmentInterface>>> {
  const entries = Object.entries(file.interfaces ?? {}).map(async ([name, { tls, ...rest }]) => {
    if (tls === undefined) return [name, rest] as const;
    return [name, { ...rest, tls: await inlineTls(tls, inliner, ['interfaces', name, 'tls']) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

type TlsFile = NonNullable<NonNullable<EquipmentFile['interfaces']>[string]['tls']>;

async function inlineTls(tls: TlsFile, inliner: Inliner, at: Path): Promise<TlsMaterial> {
  const { serverCa, clientCertificate, clientKey } = tls;
  return {
    ...(serverCa && { serverCa: await inliner.certificate(serverCa, [...at, 'serverCa']) }),
    ...(clientCertificate && {
      clientCertificate: await inliner.certificate(clientCertificate, [...at, 'clientCertificate']),
    }),
    ...(clientKey && { clientKey: inliner.secret(clientKey) }),
  };
}

function authOf({ clients, ...rest }: NonNullable<EquipmentFile['auth']>, inliner: Inliner): EquipmentAuth {
  const resolved = Object.entries(clients).map(([name, client]) => [
    name,
    { ...client, ...(client.secret && { secret: inliner.secret(client.secret) }) },
  ]);
  return { ...rest, clients: Object.fromEntries(resolved) as EquipmentAuth['clients'] };
}

function locationOf(
  { location, organisation }: EquipmentFile,
  testbeds: readonly TestbedId[] | undefined,
): Result<TestbedId, Mistake> | undefined {
  if (location === undefined) return undefined;
  const { testbed } = location;
  if (testbeds === undefined) return ok(qualify(testbed, organisation) as TestbedId);
  const fits = testbeds.filter((id) => id === testbed || id.split('/')[1] === testbed);
  const own = fits.find((id) => id === qualify(testbed, organisation)) ?? fits[0];
  if (own !== undefined && (fits.length === 1 || own === qualify(testbed, organisation))) return ok(own);
  const what = own === undefined ? 'no testbed is called' : 'several organisations have a testbed';
  return err({ at: ['location', 'testbed'], what: `${what} "${testbed}"${suggestion(testbed, testbeds)}` });
}

function checkId({ organisation }: EquipmentFile, id: string): readonly Mistake[] {
  return id.startsWith(`${organisation}/`)
    ? []
    : [{ at: ['id'], what: `is not of the organisation "${organisation}"` }];
}

function checkEndPoints({ interfaces = {}, simulator }: EquipmentFile): readonly Mistake[] {
  const entries = Object.entries(interfaces);
  if (simulator !== undefined)
    return entries.length === 0
      ? []
      : [{ at: ['interfaces'], what: 'a simulator brings its own end points', onName: true }];
  if (entries.length === 0) return [{ at: [], what: 'either "interfaces" or "simulator" must be there' }];
  return entries.flatMap(([name, { endpoint, tls }]) => {
    const at = ['interfaces', name];
    const halfKey = (tls?.clientCertificate === undefined) !== (tls?.clientKey === undefined);
    return [
      ...checkUrl(endpoint.url, [...at, 'endpoint', 'url']),
      ...(halfKey ? [{ at: [...at, 'tls'], what: 'clientCertificate and clientKey belong together' }] : []),
    ];
  });
}

function checkUrl(url: string | undefined, at: Path): readonly Mistake[] {
  if (url === undefined) return [];
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.hostname === '') return [{ at, what: 'is not a URL' }];
  const secret = parsed.username !== '' || parsed.password !== '';
  const extra = parsed.search !== '' || parsed.hash !== '';
  return [
    ...(secret
      ? [{ at, what: 'must not hold a user name or password: secrets are given by reference' }]
      : []),
    ...(extra ? [{ at, what: 'must not hold a query or fragment' }] : []),
  ];
}

function checkReceived({ received }: EquipmentFile): readonly Mistake[] {
  if (received === undefined || parseInstant(received.at).ok) return [];
  return [{ at: ['received', 'at'], what: `is not ${TIME_WORDS}` }];
}

/** The keys whose type everybody relies on. */
function checkIxit({ ixit = {} }: EquipmentFile): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const { plmn, settleMs } = ixit;
  if (plmn !== undefined && (typeof plmn !== 'string' || !/^\d{5,6}$/u.test(plmn)))
    mistakes.push({ at: ['ixit', 'plmn'], what: 'must be 5 or 6 digits in quotes, such as "00101"' });
  const settles = typeof settleMs === 'number' && settleMs >= 0 && settleMs <= 600_000;
  if (settleMs !== undefined && !settles)
    mistakes.push({ at: ['ixit', 'settleMs'], what: 'must be a number of milliseconds, 0 to 600000' });
  return mistakes;
}
