import type { FilledPeer } from '../../domain/case-record.ts';
import type { Equipment } from '../../domain/equipment.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { withoutAbsent } from '../json.ts';
import { compare, type Report } from '../report.ts';
import { cut, NOT_STATED } from './text.ts';

/** Products under test first, then who stood beside them, then tools; simulators are tools to the format. */
export function oranComponents({ input, cases }: Report): readonly JsonObject[] {
  const peers = cases.flatMap(({ attempts }) => attempts.flatMap(({ record }) => record?.peers ?? []));
  const tools = input.runs.flatMap((run) => Object.entries(run.tools));
  return [
    ...input.subjects.map(product),
    ...uniquely(peers, ({ name, filledBy, id, version }) => [name, filledBy, id, version].join('\n')).map(
      (peer) => standIn(peer, input.harness.name),
    ),
    ...uniquely(tools, ([name, version]) => `${name}\n${version}`).map(([name, version]) => ({
      componentDescription: 'tool',
      manufacturerName: NOT_STATED,
      manufacturerModel: cut(name),
      softwareVersion: cut(version),
    })),
  ];
}

function product({
  id,
  organisation,
  role,
  product: { name, model, serial },
  versions,
}: Equipment): JsonObject {
  const { software, hardware, firmware } = versions;
  const none = software === undefined && hardware === undefined && firmware === undefined;
  return withoutAbsent({
    componentDescription: cut(`under test: ${role} ${id}`),
    manufacturerName: cut(organisation),
    manufacturerModel: cut([name, model].filter((part) => part !== undefined).join(' ')),
    serialNumber: serial === undefined ? undefined : cut(serial),
    softwareVersion: none ? NOT_STATED : optional(software),
    hardwareVersion: optional(hardware),
    firmwareVersion: optional(firmware),
  });
}

function standIn({ name, filledBy, id, version }: FilledPeer, harness: string): JsonObject {
  const makers = { equipment: id.split('/')[0] ?? NOT_STATED, simulator: NOT_STATED, tester: harness };
  return {
    componentDescription: cut(`peer ${name}: ${filledBy}`),
    manufacturerName: cut(makers[filledBy]),
    manufacturerModel: cut(id),
    softwareVersion: cut(version),
  };
}

function optional(version: string | undefined): string | undefined {
  return version === undefined ? undefined : cut(version);
}

function uniquely<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  const unique = new Map(items.map((item) => [nameOf(item), item]));
  return [...unique.entries()].sort(([a], [b]) => compare(a, b)).map(([, item]) => item);
}
