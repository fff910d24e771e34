import type { Alternative, Member, Schema, SchemaType } from '../schema.ts';

/** A type or a table, and where it leads. */
interface Node {
  readonly next: readonly string[];
  index: number;
  low: number;
  open: boolean;
  circle: number;
}

/**
 * Marks the references that can lead back to the type they stand in: only these need a guard against depth.
 * (Circles by Tarjan's algorithm, with a stack of its own.)
 */
export function markRecursion({ types, tables, sets }: Schema): Schema {
  const nodes = new Map<string, Node>();
  for (const [name, type] of types) nodes.set(name, aNode(targets(type)));
  for (const [name, rows] of tables) nodes.set(`table ${name}`, aNode([...rows.values()].flatMap(targets)));
  findCircles(nodes);
  const circleOf = (name: string) => nodes.get(name)?.circle;
  const mark = (type: SchemaType, owner: string) =>
    marked(type, (target) => circleOf(owner) === circleOf(target));
  return {
    types: new Map([...types].map(([name, type]) => [name, mark(type, name)])),
    tables: new Map(
      [...tables].map(([name, rows]) => [
        name,
        new Map([...rows].map(([key, type]) => [key, mark(type, `table ${name}`)])),
      ]),
    ),
    sets,
  };
}

function aNode(next: readonly string[]): Node {
  return { next, index: -1, low: -1, open: false, circle: -1 };
}

function findCircles(nodes: ReadonlyMap<string, Node>): void {
  let count = 0;
  for (const start of nodes.values()) {
    if (start.index >= 0) continue;
    const path: { node: Node; at: number }[] = [];
    const open: Node[] = [];
    const enter = (node: Node) => {
      node.index = node.low = count;
      node.open = true;
      count += 1;
      open.push(node);
      path.push({ node, at: 0 });
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const name = top.node.next[top.at];
      top.at += 1;
      if (name === undefined) {
        path.pop();
        leave(top.node, path.at(-1)?.node, open);
        continue;
      }
      const next = nodes.get(name);
      if (next === undefined) continue;
      if (next.index < 0) enter(next);
      else if (next.open) top.node.low = Math.min(top.node.low, next.index);
    }
  }
}

function leave(node: Node, parent: Node | undefined, open: Node[]): void {
  if (parent !== undefined) parent.low = Math.min(parent.low, node.low);
  if (node.low !== node.index) return;
  for (let member = open.pop(); member !== undefined; member = open.pop()) {
    member.open = false;
    member.circle = node.index;
    if (member === node) return;
  }
}

/** The types and tables that a type names. */
function targets(type: SchemaType): readonly string[] {
  switch (type.kind) {
    case 'reference':
      return [type.name];
    case 'list':
      return targets(type.element);
    case 'octets':
      return type.contents === null ? [] : targets(type.contents);
    case 'structure':
      return [...type.root, ...type.additions.flatMap(({ members }) => members)].flatMap((each) =>
        targets(each.type),
      );
    case 'choice':
      return [...type.root, ...type.additions].flatMap((each) => targets(each.type));
    case 'open':
      return type.table === null ? [] : [`table ${type.table.name}`];
    default:
      return [];
  }
}

function marked(type: SchemaType, isRecursive: (target: string) => boolean): SchemaType {
  const inner = <T extends Member | Alternative>(each: T): T => ({
    ...each,
    type: marked(each.type, isRecursive),
  });
  switch (type.kind) {
    case 'reference':
      return { ...type, recursive: isRecursive(type.name) };
    case 'list':
      return { ...type, element: marked(type.element, isRecursive) };
    case 'octets':
      return type.contents === null ? type : { ...type, contents: marked(type.contents, isRecursive) };
    case 'structure': {
      const additions = type.additions.map((each) => ({ ...each, members: each.members.map(inner) }));
      return { ...type, root: type.root.map(inner), additions };
    }
    case 'choice':
      return { ...type, root: type.root.map(inner), additions: type.additions.map(inner) };
    default:
      return type;
  }
}
