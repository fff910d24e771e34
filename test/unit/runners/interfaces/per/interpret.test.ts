import { describe, expect, it } from 'vitest';
import { decodeValue } from '../../../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import type { Variant } from '../../../../../runners/interfaces/per/writer.ts';
import { everythingSchema, named } from '../../../../support/everything-asn1.ts';

const schema = everythingSchema();
const typed = (name: string) => named(name.includes('.') ? name : `Everything.${name}`);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const bytes = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/gu, ''), 'hex'));
const encode = (name: string, value: unknown, variant: Variant = 'aligned') =>
  encodeValue(schema, variant, { type: typed(name), value });
const decode = (name: string, text: string, mode: 'strict' | 'lenient' = 'strict') =>
  decodeValue(bytes(text), { schema, variant: 'aligned', type: typed(name), mode });
const code = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof PerError) return [error.code, error.found.path];
    throw error;
  }
  return 'nothing was thrown';
};

const filled = (length: number) => new Uint8Array(length).fill(0xab);
const bits = (text: string) => ({
  bits: Uint8Array.from(text.match(/.{1,8}/gu) ?? [], (each) => Number.parseInt(each.padEnd(8, '0'), 2)),
  length: text.length,
});

/** Worked out by hand from the clauses; the unaligned bytes only where they differ. */
const EXAMPLES: readonly (readonly [
  clause: string,
  type: string,
  value: unknown,
  aligned: string,
  unaligned?: string,
])[] = [
  ['11.1: an empty encoding is one octet of zeros', 'OnlyOne', 42, '00'],
  ['12: true', 'Yes', true, '80'],
  ['13.2.4: without limits, two’s complement', 'Free', 128, '020080'],
  ['13.2.4: as few octets as possible', 'Free', -128, '0180'],
  ['13.2.4: one more octet for the sign', 'Free', -129, '02FF7F'],
  ['13.2.4: no lower limit', 'UpToFive', 5, '0105'],
  ['13.2.3: a lower limit only', 'FromFive', 261, '020100'],
  ['11.5.7.1: fewer than 256 values', 'NotQuiteByte', 255, 'FE'],
  ['11.5.7.2: 256 values', 'Byte', 255, 'FF'],
  ['11.5.7.3: up to 64K values', 'Word', 1, '0001'],
  ['11.5.7.4: more values have a length', 'Long', 256, '400100', '00000100'],
  ['13.1: a value of the root', 'Growing', 40, '4E'],
  ['13.1: a value between the parts of the root is an extension', 'Growing', 31, '80011F', '808F80'],
  ['14.1: an enumeration is in the order of its numbers', 'Sparse', 'c', '80'],
  ['14.3: an addition', 'State', 'gone', '81'],
  ['14.3: an addition that nobody knows', 'State', '...5', '85'],
  ['15: a real number', 'Measure', 1.5, '0380FF03'],
  ['16.9: up to 16 bits of a fixed number', 'Bits9', bits('111111111'), 'FF80'],
  ['16.11: bits with a length', 'BitsUpTo20', bits('1'), '0080', '04'],
  ['16.2: named bits without zeros at the end', 'Flags', bits('1010000'), '03A0'],
  ['16.3: named bits filled up to the least size', 'FlagsSized', bits('1'), '0080', '08'],
  ['17.6: up to two octets of a fixed number', 'Octets2', bytes('ABCD'), 'ABCD'],
  ['17.8: octets with a length', 'OctetsUpTo4', bytes('AA'), '20AA', '3540'],
  ['17.3: a size of the extension', 'OctetsGrowing', bytes('AA'), '8001AA', '80D500'],
  ['17: contents', 'WrappedSized', 'blue', '0080', '1000'],
  ['19: an optional component that is absent', 'Point', { x: -1000, y: 1000 }, '00000007D0', '000FA0'],
  ['19.5: defaults are left out', 'Defaults', { number: 7, points: [], color: 'green', always: true }, '02'],
  ['19.7: additions', 'Extended', { id: 1, added: 2 }, '80010500020002', '804140200020'],
  ['19.9: a group of additions', 'Versions', { base: 1, b: 2 }, '80010500024002', '808280481000'],
  ['20: a list with a length', 'PointsGrowing', [1, 2], '200102', '202040'],
  ['21: a SET is in the order of its tags', 'Mixed', { b: true, a: 'blue' }, '50', '50'],
  ['23.6: an alternative of the root', 'Shape', { number: 5 }, 'A8'],
  ['23.8: an added alternative', 'ShapeGrowing', { c: 7 }, '810107'],
  [
    '23.8: an alternative that nobody knows',
    'ShapeGrowing',
    { '...': { index: 9, bytes: bytes('AA') } },
    '8901AA',
  ],
  ['23.2: a CHOICE is in the order of its tags', 'EverythingParts.Tagged', { z: true }, 'E0'],
  ['24: an object identifier', 'Path', '1.2.840.113549', '062A864886F70D'],
  ['25: a relative one', 'Branch', '8571.3', '03C27B03'],
  ['10.3: a marker outside of a size', 'PrintableOuter', 'ab', '106162', '161C40'],
  ['30.5: digits take four bits', 'NumericShort', '12', '1023', '1230'],
  ['30.5.4: places in the alphabet', 'LettersSized', 'AB', '004142', '0010'],
  ['30.5.6: two characters of a fixed number', 'VisibleFixed', 'Hi', '4869', '91A4'],
  ['30.6: octets of other strings', 'Utf8', 'é', '02C3A9'],
];

describe('PER by walking the schema', () => {
  for (const [clause, type, value, aligned, unaligned] of EXAMPLES) {
    it(`follows X.691 clause ${clause}`, () => {
      expect(hex(encode(type, value))).toBe(aligned.replace(/\s/gu, ''));
      expect(hex(encode(type, value, 'unaligned'))).toBe(unaligned ?? aligned.replace(/\s/gu, ''));
    });
  }

  it('encodes the record of X.691 annex A', () => {
    const name = (givenName: string, initial: string) => ({ givenName, initial, familyName: 'Smith' });
    const record = {
      ...{
        name: name('John', 'P'),
        title: 'Director',
        number: 51,
        dateOfHire: '19710917',
        nameOfSpouse: name('Mary', 'T'),
      },
      children: [{ name: name('Ralph', 'T'), dateOfBirth: '19571111' }],
    };
    const text = (string: string) =>
      `${string.length.toString(16).padStart(2, '0')}${Buffer.from(string).toString('hex')}`;
    const names = (given: string, initial: string) => text(given) + text(initial) + text('Smith');
    const expected = `80${names('John', 'P')}0133${text('Director')}${text('19710917')}${names('Mary', 'T')}01${names('Ralph', 'T')}${text('19571111')}`;
    expect(hex(encode('EverythingParts.Person', record))).toBe(expected.toUpperCase());
  });

  it.each([
    ['nothing for zero', 0, '00', true],
    ['minus zero', -0, '0143', true],
    ['infinity', Infinity, '0140', true],
    ['the smallest of all', 5e-324, '0481FBCE01', true],
    ['a decimal of form NR1', 15, '03013135', false],
    ['a decimal of form NR3', 1.5, '06033135452D31', false],
    ['base 16', 16, '03A00101', false],
    ['a scaled mantissa', -6, '03C40003', false],
  ])('knows of real numbers (X.690 clause 8.5): %s', (...[, value, text, ours]) => {
    expect(decode('Measure', text).value).toBe(value);
    if (ours) expect(hex(encode('Measure', value))).toBe(text);
  });

  it('cuts what is longer than 16K into fragments (clause 11.9.3.8)', () => {
    const encoded = hex(encode('Octets', filled(16_385)));
    expect([encoded.slice(0, 4), encoded.slice(-6), encoded.length]).toEqual([
      'C1AB',
      'AB01AB',
      2 * (16_385 + 2),
    ]);
    const most = hex(encode('Octets', filled(65_536)));
    expect([most.slice(0, 4), most.slice(-4)]).toEqual(['C4AB', 'AB00']);
  });

  it('follows a table from the key of an object to its type', () => {
    const message = { id: 1, criticality: 'reject', value: { x: 0, y: 0 } };
    expect(hex(encode('Message', message))).toBe('0001000500' + '03E803E8');
    expect(decode('Message', '0001000500' + '03E803E8').value).toEqual(message);
  });

  it('keeps what it does not know, and encodes it again to the same bytes', () => {
    for (const [name, text, value] of [
      ['Message', '00090002AABB', { id: 9, criticality: 'reject', value: bytes('AABB') }],
      [
        'Extended',
        '8001 0810 01 AA',
        { id: 1, standard: 3, '...': { count: 5, additions: [{ index: 4, bytes: bytes('AA') }] } },
      ],
      ['Extended', '8001 01 020002', { id: 1, added: 2, standard: 3, '...': { count: 1, additions: [] } }],
      ['EmptyGrowing', '808001AA', { '...': { count: 1, additions: [{ index: 0, bytes: bytes('AA') }] } }],
    ] as const) {
      const decoded = decode(name, text).value;
      expect([name, decoded]).toEqual([name, value]);
      expect([name, hex(encode(name, decoded))]).toEqual([name, text.replace(/\s/gu, '')]);
    }
  });

  it('names the path of the first fault', () => {
    expect(code(() => decode('Points', '0001 00 0000 FFFF'))).toEqual(['PER_INVALID', '[0].y']);
    expect(code(() => encode('Message', { id: 1, criticality: 'reject', value: { x: 0 } }))).toEqual([
      'PER_VALUE_INVALID',
      'value.y',
    ]);
    expect(code(() => decode('Byte', ''))).toEqual(['PER_INVALID', '']);
  });

  it('goes on behind a fault when lenient, and tells of it', () => {
    const { value, faults } = decode('Points', '0001 00 0000 FFFF', 'lenient');
    expect(value).toEqual([{ x: -1000, y: 64_535 }]);
    expect(faults).toMatchObject([{ path: '[0].y', message: expect.stringContaining('64535') as string }]);
    const message = decode('Message', '0001 00 01 00', 'lenient');
    expect(message.value).toEqual({ id: 1, criticality: 'reject', value: { '...': bytes('00') } });
    expect(message.faults.map(({ path }) => path)).toEqual(['value.x']);
  });

  it.each([
    ['a length in more octets than it needs', 'Octets', '800141'],
    ['a number in more octets than it needs', 'Free', '020001'],
    ['bits that fill up and are not zero', 'Bit', '81'],
    ['octets behind the end', 'Bit', '8000'],
    ['a root value that is sent like an extension', 'Growing', '80010A'],
    ['a value of a gap', 'Gaps', '3C'],
    ['an item that an enumeration has not', 'Color', 'C0'],
    ['a default that is sent', 'Defaults', '820107'],
    ['octets that are no UTF-8', 'Utf8', '02C328'],
    ['a fragment of five blocks', 'Octets', 'C5'],
  ])('refuses %s', (_, name, text) => {
    expect(code(() => decode(name, text))).toEqual(['PER_INVALID', expect.any(String)]);
  });

  it('refuses values that do not belong to the type', () => {
    for (const [name, value] of [
      ['Byte', 256],
      ['Byte', 1.5],
      ['Gaps', 15],
      ['Color', 'mauve'],
      ['Shape', {}],
      ['Shape', { nothing: null, number: 1 }],
      ['Point', { x: 1 }],
      ['Point', { x: 1, y: 1, z: 1 }],
      ['Octets2', filled(3)],
      ['Utf8', '\ud800'],
      ['Letters', 'e'],
      ['Path', '3.1'],
    ] as const)
      expect([name, code(() => encode(name, value))]).toEqual([
        name,
        ['PER_VALUE_INVALID', expect.any(String)],
      ]);
  });

  it('bounds the depth of types that contain themselves, and the number of items', () => {
    const deep = '4001'.repeat(100);
    expect(code(() => decode('Tree', deep))[0]).toBe('PER_INVALID');
    const limits = { depth: 64, items: 1_000, bytes: 100 };
    const many = () =>
      decodeValue(bytes('FFFF'), {
        schema,
        variant: 'aligned',
        type: typed('Nothings'),
        mode: 'strict',
        limits,
      });
    expect(code(many)).toEqual(['PER_INVALID', '']);
  });
});
