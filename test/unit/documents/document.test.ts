import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { type DocumentKind, parseDocument } from '../../../src/documents/document.ts';
import { renderProblem } from '../../../src/documents/problem.ts';
import { makeShape } from '../../../src/documents/schema.ts';

const closed = { additionalProperties: false };
const schema = Type.Object(
  {
    apiVersion: Type.Literal('patchbay/v1'),
    kind: Type.Literal('Thing'),
    id: Type.String({ pattern: '^[a-z]+$', title: 'a name' }),
    version: Type.Optional(Type.String()),
    enabled: Type.Optional(Type.Boolean()),
    settleMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    colour: Type.Optional(Type.Enum(['red', 'green'])),
    parts: Type.Optional(
      Type.Array(Type.Object({ name: Type.String({ minLength: 1 }) }, closed), { maxItems: 3 }),
    ),
    facts: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z.]+$' }), Type.Unknown(), closed)),
  },
  closed,
);
const THING: DocumentKind<typeof schema> = { kind: 'Thing', shape: makeShape(schema) };

const HEAD = 'apiVersion: patchbay/v1\nkind: Thing\nid: a\n';

function problemsOf(text: string, path = 'f.yaml'): readonly string[] {
  const read = parseDocument({ path, text }, THING);
  return read.ok ? [] : read.error.map(renderProblem);
}

function valueOf(text: string, path = 'f.yaml'): unknown {
  const read = parseDocument({ path, text }, THING);
  return read.ok ? read.value.value : read.error.map(renderProblem);
}

describe('what is good', () => {
  const thing = { apiVersion: 'patchbay/v1', kind: 'Thing', id: 'a' };
  it.each([
    ['plain', HEAD],
    ['CRLF', HEAD.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${HEAD}`],
    ['with a document start', `---\n${HEAD}`],
    ['flow style', '{apiVersion: patchbay/v1, kind: Thing, id: a}'],
    ['with comments', `# why\n${HEAD}# that is it\n`],
  ])('%s', (_, text) => {
    expect(valueOf(text)).toEqual(thing);
  });

  it('takes JSON, in a file of either name', () => {
    expect(valueOf(JSON.stringify(thing), 'f.json')).toEqual(thing);
    expect(valueOf(JSON.stringify(thing), 'f.yaml')).toEqual(thing);
  });

  it('does not take Norway for a lie, nor a day for a date', () => {
    expect(valueOf(`${HEAD}facts: {a: no, b: on, c: 2026-11-23, d: 08:00, e: ~}\n`)).toMatchObject({
      facts: { a: 'no', b: 'on', c: '2026-11-23', d: '08:00', e: null },
    });
  });

  it('follows a few aliases', () => {
    expect(valueOf(`${HEAD}facts: {a: &x [1, 2], b: *x}\n`)).toMatchObject({
      facts: { a: [1, 2], b: [1, 2] },
    });
  });

  it('keeps a member called __proto__ a plain name', () => {
    expect(problemsOf(`${HEAD}__proto__: {enabled: true}\n`)).toEqual([
      'f.yaml:4:1: __proto__: unknown field',
    ]);
  });
});

const deep = `${HEAD}facts: {a: ${'['.repeat(40)}${']'.repeat(40)}}\n`;
const laughs = [
  '&a [x, x, x, x, x, x, x, x, x]',
  ...'abcdefgh'.split('').map((l, i) => `&${'bcdefghi'.charAt(i)} [${`*${l}, `.repeat(9)}]`),
];
const bomb = `${HEAD}facts:\n  x:\n${laughs.map((line) => `    - ${line}\n`).join('')}`;

describe('what is bad', () => {
  it.each<[string, string, string | readonly string[]]>([
    ['an empty file', '', 'f.yaml:1:1: (document): the document is empty'],
    ['only a comment', '# nothing\n', 'f.yaml:1:1: (document): the document is empty'],
    ['a list', '- a\n', 'f.yaml:1:1: (document): must be a map with apiVersion: patchbay/v1 and kind: Thing'],
    [
      'plain text',
      'hello',
      'f.yaml:1:1: (document): must be a map with apiVersion: patchbay/v1 and kind: Thing',
    ],
    [
      'another kind, and nothing else is said',
      'apiVersion: patchbay/v1\nkind: Plan\nnonsense: 1\n',
      'f.yaml:2:7: kind: must be "Thing"',
    ],
    ['another version', HEAD.replace('/v1', '/v2'), 'f.yaml:1:13: apiVersion: must be "patchbay/v1"'],
    [
      'a misspelt head',
      HEAD.replace('apiVersion', 'apiversion'),
      'f.yaml:1:1: (document): the field "apiVersion: patchbay/v1" is missing ("apiversion" is not it)',
    ],
    [
      'several mistakes at once',
      `${HEAD.replace('id: a', 'id: A!')}settlMs: 3\ncolour: grene\nparts: [{}, {name: ''}]\n`,
      [
        'f.yaml:3:5: id: "A!" is not a name',
        'f.yaml:4:1: settlMs: unknown field, did you mean "settleMs"?',
        'f.yaml:5:9: colour: "grene" is not one of red, green, did you mean "green"?',
        'f.yaml:6:9: parts[0]: the field "name" is missing',
        'f.yaml:6:20: parts[1].name: must not be empty',
      ],
    ],
    ['an unknown field that is like nothing', `${HEAD}xyz: 1\n`, 'f.yaml:4:1: xyz: unknown field'],
    [
      'a number for a text',
      `${HEAD}version: 1.0\n`,
      'f.yaml:4:10: version: must be a text, not 1 (write it in quotes)',
    ],
    [
      'a text for true or false',
      `${HEAD}enabled: yes\n`,
      'f.yaml:4:10: enabled: must be true or false, not "yes"',
    ],
    [
      'nothing where something belongs',
      `${HEAD}enabled:\n`,
      'f.yaml:4:9: enabled: must be true or false, not nothing',
    ],
    ['beyond a limit', `${HEAD}settleMs: 5000\n`, 'f.yaml:4:11: settleMs: 5000 is more than 1000'],
    [
      'too many',
      `${HEAD}parts: [{name: a}, {name: a}, {name: a}, {name: a}]\n`,
      'f.yaml:4:8: parts: must have at most 3 entries',
    ],
    [
      'a wrong key of a record',
      `${HEAD}facts: {A1: 2}\n`,
      'f.yaml:4:9: facts.A1: "A1" is not a possible name here',
    ],
    [
      'the same name twice',
      `${HEAD}id: b\n`,
      'f.yaml:4:1: (document): this name occurs twice in the same map',
    ],
    ['a name that is no text', `${HEAD}[1, 2]: b\n`, 'f.yaml:4:1: (document): names must be strings'],
    [
      'two documents',
      `${HEAD}---\n${HEAD}`,
      'f.yaml:4:1: (document): a file holds one document, not several',
    ],
    ['a directive', `%YAML 1.1\n---\n${HEAD}`, 'f.yaml:1:1: (document): directives are not allowed'],
    [
      'a tag',
      `${HEAD}version: !!binary aGk=\n`,
      'f.yaml:4:19: (document): tags such as tag:yaml.org,2002:binary are not allowed',
    ],
    [
      "a tag of one's own",
      `${HEAD}version: !env HOME\n`,
      'f.yaml:4:15: (document): tags such as !env are not allowed',
    ],
    [
      'a tab as indentation',
      `${HEAD}facts:\n\ta: 1\n`,
      'f.yaml:5:1: (document): tabs cannot indent: use spaces',
    ],
    ['an alias bomb', bomb, 'f.yaml:1:1: (document): the aliases make it too large'],
    [
      'an alias inside its own anchor',
      `${HEAD}facts: {a: &x [*x]}\n`,
      'f.yaml:4:16: (document): an alias inside its own anchor',
    ],
    [
      'an alias of nothing',
      `${HEAD}version: *x\n`,
      'f.yaml:4:10: (document): nothing before it is called &x',
    ],
    ['nesting without end', deep, 'f.yaml:4:43: (document): nested over 32 levels deep'],
    ['not a number', `${HEAD}settleMs: .nan\n`, 'f.yaml:4:11: (document): .nan is not an exact number'],
    [
      'a number that a computer would change',
      `${HEAD}settleMs: 9007199254740993\n`,
      'f.yaml:4:11: (document): 9007199254740993 is not an exact number',
    ],
    [
      'a control character',
      `${HEAD}version: a\u0007\n`,
      'f.yaml:4:11: (document): a control character does not belong in a text',
    ],
    [
      'an escaped zero',
      `${HEAD}version: "a\\0"\n`,
      'f.yaml:4:10: (document): this text has characters that are not allowed',
    ],
    [
      'half a surrogate pair',
      `${HEAD}version: "\\ud800"\n`,
      'f.yaml:4:10: (document): this text has characters that are not allowed',
    ],
    ['a quote that does not end', `${HEAD}version: "a\n`, 'f.yaml:5:1: (document): Missing closing "quote'],
  ])('refuses %s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual([expected].flat());
  });

  it.each<[string, string, string]>([
    ['comments', '{\n // why\n "apiVersion": "patchbay/v1"}', 'f.json:2:2'],
    ['a comment of YAML', '{"apiVersion": "patchbay/v1", "kind": "Thing", # x\n"id": "a"}', 'f.json:1:48'],
    ['a trailing comma', '{"apiVersion": "patchbay/v1", "kind": "Thing", "id": "a",}', 'f.json:1:58'],
    ['YAML', HEAD, 'f.json:1:1'],
  ])('refuses JSON with %s', (_, text, place) => {
    const problems = problemsOf(text, 'f.json');
    expect(problems.filter((problem) => problem.startsWith(`${place}: (document): not JSON`))).toHaveLength(
      1,
    );
  });

  it('refuses a document over its limit before reading it', () => {
    const text = `${HEAD}#${'x'.repeat(1024 * 1024)}`;
    expect(problemsOf(text)).toEqual(['f.yaml:1:1: (document): larger than 1048576 bytes']);
  });

  it.each([
    ['brackets', '['.repeat(1_000_000)],
    ['dashes', '- '.repeat(500_000)],
    ['question marks', '? '.repeat(500_000)],
  ])('survives a file full of %s', (_, text) => {
    expect(problemsOf(text)).toHaveLength(1);
  });

  it('stops listing after a hundred problems', () => {
    const text = HEAD + Array.from({ length: 300 }, (_, index) => `x${index}: 1\n`).join('');
    const problems = problemsOf(text);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatch(/and 200 more problems$/u);
  });
});
