import { describe, expect, it } from 'vitest';
import { DerError, insideOf, partsOf, readDer, TAG, writeDer } from '../../../../src/attest/format/der.ts';
import { nonceText, renderTimestampRequest } from '../../../../src/attest/format/timestamp.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('DER', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535])('reads back %i bytes as they were written', (length) => {
    const content = new Uint8Array(length).fill(7);
    const value = readDer(writeDer(TAG.sequence, writeDer(TAG.octetString, content.slice(0, length >> 1))));
    expect(insideOf(value, TAG.sequence).content).toEqual(content.slice(0, length >> 1));
    expect(readDer(writeDer(TAG.octetString, content))).toMatchObject({ tag: TAG.octetString, content });
  });

  it.each([
    ['nothing', ''],
    ['no length', '30'],
    ['too little content', '0402aa'],
    ['something behind', '0401aaff'],
    ['an indefinite length', '30800000'],
    ['a longer length than needed', '048101aa'],
    ['a length with a zero in front', `04820001aa`],
    ['a huge length', '0485ffffffffff'],
    ['a tag of two bytes', '1f8101aa'],
  ])('with %s is refused', (_, hex) => {
    expect(() => readDer(bytes(hex))).toThrow(DerError);
  });

  it('that is primitive has no parts', () => {
    expect(() => partsOf(readDer(bytes('0401aa')))).toThrow(DerError);
  });
});

describe('a request for a time-stamp', () => {
  it.each([
    ['0000', '00'],
    ['00ff', '00ff'],
    ['007f', '7f'],
    ['80', '0080'],
  ])('sends the nonce %s as the positive integer %s', (nonce, integer) => {
    expect(nonceText(bytes(nonce))).toBe(integer);
    const request = readDer(renderTimestampRequest(new Uint8Array(32), bytes(nonce)));
    expect(partsOf(request)[2]?.content).toEqual(bytes(integer));
  });
});
