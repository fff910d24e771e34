import type { FilledPeer } from '../../domain/case-record.ts';
import type { Equipment } from '../../domain/equipment.ts';
import type { Json } from '../../kernel/json.ts';
import { compare, type Report } from '../report.ts';
import { type Block, code, facts, lines, type Section, table, when } from './blocks.ts';

/** Devices under test; test equipment and tools, simulators among them; and how all of it was set up. */
export function equipmentSections(report: Report): readonly Section[] {
  return [
    {
      id: 'items',
      title: 'Devices under test',
      blocks: report.input.subjects.flatMap((subject): readonly Block[] => [
        { kind: 'heading', text: subject.product.name },
        productFacts(subject),
      ]),
    },
    {
      id: 'equipment',
      title: 'Test equipment and tools',
      blocks: [testbeds(report), neighbours(report), tools(report)],
    },
    { id: 'configuration', title: 'Configuration', blocks: [configuration(report), interfaces(report)] },
  ];
}

function productFacts(subject: Equipment): Block {
  const { id, organisation, role, product, versions, digests, simulator, ics, received } = subject;
  const claims = Object.entries(ics).map(([name, claim]) => `${name} = ${shown(claim)}`);
  return facts([
    ['Supplied by', organisation],
    ['Described by', `${organisation}, who answers for what is stated here`],
    ['Identification', id],
    ['Role', role],
    ['Received', received === undefined ? 'not stated' : when(received.at)],
    ['Condition', received?.condition ?? 'not stated'],
    ['Model', product.model ?? 'not stated'],
    ['Serial number', product.serial ?? 'not stated'],
    ...(Object.keys(versions).length === 0
      ? [['Versions', 'not stated'] as const]
      : Object.entries(versions).map(([name, version]) => [`Version of ${name}`, version] as const)),
    ...Object.entries(digests).map(([name, digest]) => [`Digest of ${name}`, code(digest)] as const),
    ['Claimed (ICS)', claims.length === 0 ? 'nothing' : lines(...claims)],
    [
      'Is',
      simulator === undefined
        ? 'equipment'
        : `simulator ${simulator.name}${simulator.defects.length > 0 ? `, defects: ${simulator.defects.join(', ')}` : ''}`,
    ],
  ]);
}

function shown(claim: Json): string {
  return typeof claim === 'string' ? claim : JSON.stringify(claim);
}

function testbeds({ input }: Report): Block {
  const found = new Map(
    input.runs.flatMap(({ testbed }) => (testbed === undefined ? [] : [[testbed.id, testbed]])),
  );
  const rows = [...found.values()]
    .sort((a, b) => compare(a.id, b.id))
    .map(({ id, organisation, capabilities, instruments }) => [
      id,
      organisation,
      capabilities.join(', '),
      instruments.map((one) => one.id).join(', ') || 'none',
    ]);
  const columns = ['Testbed', 'Of', { title: 'Capabilities', weight: 2 }, 'Instruments'];
  return table('Testbeds', { columns, rows }, 'No run got a testbed.');
}

function neighbours({ cases }: Report): Block {
  const all = cases.flatMap(({ attempts }) => attempts.flatMap(({ record }) => record?.peers ?? []));
  const nameOf = ({ name, filledBy, id, version }: FilledPeer): string =>
    [name, filledBy, id, version].join('\n');
  const unique = new Map(all.map((peer) => [nameOf(peer), peer]));
  const rows = [...unique.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { name, filledBy, id, version }]) => [name, filledBy, id, version]);
  const columns = ['Neighbour', 'Filled by', { title: 'Which', weight: 2 }, 'Version'];
  return table('Neighbours; a simulator is a test tool', { columns, rows }, 'No case had a neighbour.');
}

function tools({ input }: Report): Block {
  const all = input.runs.flatMap((run) =>
    Object.entries(run.tools).map(([name, version]) => `${name}\n${version}`),
  );
  const rows = [`${input.harness.name}\n${input.harness.version}`, ...[...new Set(all)].sort(compare)].map(
    (one) => one.split('\n', 2),
  );
  return table('Tools', { columns: ['Tool', { title: 'Version', weight: 3 }], rows });
}

function configuration({ input, cases }: Report): Block {
  const carried = cases.flatMap(({ last }) =>
    Object.entries(last.record?.transports ?? {}).map(([name, by]) => `${name}: ${by}`),
  );
  return facts([
    ['Clock', `${input.clock.source}, within ${input.clock.maxErrorMs} ms`],
    ['Carried by', lines(...[...new Set(carried)].sort(compare))],
  ]);
}

function interfaces({ input }: Report): Block {
  const rows = input.subjects.flatMap(({ id, interfaces: all }) =>
    Object.entries(all).map(([name, { specification }]) => [
      id,
      name,
      specification === undefined ? 'not stated' : `${specification.document} ${specification.version}`,
    ]),
  );
  const columns = ['Product', 'Interface', { title: 'Specification it claims', weight: 2 }];
  return table('Interfaces of the products', { columns, rows }, 'The products come without end points.');
}
