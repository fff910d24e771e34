import { beforeAll, describe, expect, it } from 'vitest';
import { type ContentCodec, ContentReader } from '../../../../../runners/interfaces/trace/content.ts';
import * as e1ap from '../../../../../runners/interfaces/e1ap/codec.ts';
import * as e2ap from '../../../../../runners/interfaces/e2/codec.ts';
import * as f1ap from '../../../../../runners/interfaces/f1ap/codec.ts';
import * as ngap from '../../../../../runners/interfaces/ngap/codec.ts';
import * as xnap from '../../../../../runners/interfaces/xnap/codec.ts';
import { KINDS } from '../../../../../runners/interfaces/ap/types.ts';
import { makeRandom } from '../../../../../src/planning/random.ts';
import type { Formula } from '../../../../../src/domain/trace-property.ts';
import type { Program } from '../../../../../src/judge/program.ts';
import { shippedProperties } from '../../../../support/judge/catalogue.ts';
import { Octets, type ProtocolName, SPOKEN } from '../../../../support/signalling/octets.ts';

const CODECS: Readonly<Record<ProtocolName, ContentCodec>> = {
  ...{ E2AP: e2ap, NGAP: ngap.CODEC, F1AP: f1ap.CODEC, E1AP: e1ap.CODEC, XnAP: xnap.CODEC },
};
const PROTOCOLS = Object.keys(CODECS) as readonly ProtocolName[];

function namesOf(protocol: ProtocolName): readonly string[] {
  return KINDS.flatMap((kind) => SPOKEN[protocol].rules.messagesOf(kind).map(({ name }) => name));
}

/** Every path that a property asks for. */
function pathsIn({ property }: Program): readonly string[] {
  const inside = (formula: Formula | readonly Formula[]): readonly string[] =>
    JSON.stringify(formula).match(/(?<="having":\{")[^"]+/gu) ?? [];
  return [...property.forEvery, ...inside(property.when), ...inside(property.then)];
}

describe('what is judged of a message', () => {
  let paths: readonly string[] = [];
  beforeAll(async () => {
    paths = [...new Set([...(await shippedProperties()).values()].flatMap(pathsIn))];
  });

  function judged(protocol: ProtocolName, bytes: Uint8Array, how: 'look' | 'whole') {
    const content = new ContentReader(CODECS[protocol])[how](bytes);
    const values = paths.map((path) => content.value(path));
    return { name: content.name, values, isDamaged: content.isDamaged };
  }

  it.each(PROTOCOLS)('is the same whether all of it is read or not: %s', (protocol) => {
    const octets = new Octets(3);
    for (const name of namesOf(protocol)) {
      const bytes = octets.of(protocol, name);
      expect([name, CODECS[protocol].skimPdu(bytes)?.name]).toEqual([name, name]);
      expect(judged(protocol, bytes, 'look')).toEqual(judged(protocol, bytes, 'whole'));
      expect(judged(protocol, bytes, 'look')).toMatchObject({ name, isDamaged: false });
    }
  });

  it.each(PROTOCOLS)('is the same of messages that are wrong somewhere: %s', (protocol) => {
    const [octets, random] = [new Octets(5), makeRandom(7)];
    for (const name of namesOf(protocol)) {
      for (let turn = 0; turn < 6; turn += 1) {
        const bytes = Uint8Array.from(octets.of(protocol, name));
        for (let change = 0; change <= turn % 2; change += 1)
          bytes[random.below(bytes.length)] = random.below(256);
        const cut = turn % 3 === 2 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
        const context = Buffer.from(cut).toString('hex');
        expect([context, judged(protocol, cut, 'look')]).toEqual([context, judged(protocol, cut, 'whole')]);
      }
    }
  });

  it('holds both identifiers of a UE in NGAP, whichever way a message names them', () => {
    const path = 'AMF-UE-NGAP-ID|UE-NGAP-IDs.uE-NGAP-ID-pair.aMF-UE-NGAP-ID|UE-NGAP-IDs.aMF-UE-NGAP-ID';
    const octets = new Octets(1);
    const large = 2 ** 40 - 1;
    const said = [
      { name: 'UEContextReleaseComplete', said: { 'AMF-UE-NGAP-ID': large } },
      {
        name: 'UEContextReleaseCommand',
        said: {
          'UE-NGAP-IDs': { 'uE-NGAP-ID-pair': { 'aMF-UE-NGAP-ID': large, 'rAN-UE-NGAP-ID': 7 } },
        },
      },
      { name: 'UEContextReleaseCommand', said: { 'UE-NGAP-IDs': { 'aMF-UE-NGAP-ID': large } } },
    ];
    for (const { name, said: elements } of said) {
      const content = new ContentReader(CODECS.NGAP).look(octets.of('NGAP', name, elements));
      expect([name, content.value(path)]).toEqual([name, large]);
    }
  });
});
