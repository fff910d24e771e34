import { expect, it } from 'vitest';
import {
  decodePdu,
  elementsFor,
  encodeElements,
  encodeMessage,
  PDU_TYPE,
} from '../../../../../runners/interfaces/e2/codec.ts';
import { schema } from '../../../../../runners/interfaces/e2/gen/e2ap-schema.js';
import { renderTree, treeLines, type RenderOptions } from '../../../../../runners/interfaces/per/render.ts';
import { aSetupRequest, aRanFunction, anIndication } from '../../../../support/e2/messages.ts';
import { wrapItems } from '../../../../../runners/interfaces/e2/messages.ts';

const show = (bytes: Uint8Array, options: RenderOptions = {}) =>
  renderTree({ schema, type: PDU_TYPE }, decodePdu(bytes).pdu, options);
const setup = (ranFunctionOID: string) =>
  encodeMessage(
    'E2setupRequest',
    aSetupRequest({
      RANfunctionsAdded: wrapItems('RANfunction-Item', [
        aRanFunction({ ranFunctionOID, ranFunctionDefinition: new Uint8Array(100).fill(0xab) }),
      ]),
    }),
  );

it('shows a message as lines, one for an element where that is enough', () => {
  expect(treeLines(show(setup('1.3.6'), { maxOctets: 4 })).join('\n')).toBe(`E2AP-PDU
  initiatingMessage E2setup (procedureCode 1, criticality reject)
    protocolIEs
      [0] TransactionID (id 49, criticality reject): 1
      [1] GlobalE2node-ID (id 3, criticality reject)
        gNB
          global-gNB-ID
            plmn-id: 00f110 (3 octets)
            gnb-id
              gnb-ID: 00000020 (29 bits)
      [2] RANfunctionsAdded (id 10, criticality reject)
        [0] RANfunction-Item (id 8, criticality ignore)
          ranFunctionID: 2
          ranFunctionDefinition: abababab… (100 octets)
          ranFunctionRevision: 1
          ranFunctionOID: 1.3.6
      [3] E2nodeComponentConfigAddition (id 50, criticality reject)
        [0] E2nodeComponentConfigAddition-Item (id 51, criticality reject)
          e2nodeComponentInterfaceType: ng
          e2nodeComponentID
            e2nodeComponentInterfaceTypeNG
              amf-name: amf-1
          e2nodeComponentConfiguration
            e2nodeComponentRequestPart: 01 (1 octets)
            e2nodeComponentResponsePart: 02 (1 octets)`);
});

it('gives a tree that goes into JSON as it is', () => {
  const tree = show(encodeMessage('RICindication', anIndication()));
  expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
  expect(tree.children?.[0]?.children?.[2]?.children?.[0]?.children?.[0]).toEqual({
    name: '[0]',
    label: 'RICrequestID',
    children: [
      { name: 'id', value: 29 },
      { name: 'criticality', value: 'reject' },
      {
        name: 'value',
        children: [
          { name: 'ricRequestorID', value: 7 },
          { name: 'ricInstanceID', value: 1 },
        ],
      },
    ],
  });
});

it('shows what others know of the octets inside', () => {
  const asked: string[] = [];
  const contents: RenderOptions['contents'] = (at, octets) => {
    asked.push(at.join('/'));
    return at.includes('RICindicationHeader') ? { name: 'header', value: octets.length } : null;
  };
  const lines = treeLines(show(encodeMessage('RICindication', anIndication()), { contents }));
  expect(lines.slice(-3)).toEqual([
    '      [5] RICindicationHeader (id 25, criticality reject): 01 (1 octets)',
    '        header: 1',
    '      [6] RICindicationMessage (id 26, criticality reject): 02 (1 octets)',
  ]);
  expect(asked[0]).toBe(
    'E2AP-PDU/initiatingMessage/RICindication/value/protocolIEs/[5]/RICindicationHeader/value',
  );
});

it('marks what nobody could read, and makes control characters visible', () => {
  const elements = [
    ...elementsFor('E2setupFailure', { TransactionID: 1 }),
    { id: 9999, criticality: 'ignore', value: Uint8Array.of(0xca, 0xfe) },
    { id: 1, criticality: 'ignore', value: { '...': Uint8Array.of(0xff) } },
  ] as const;
  expect(treeLines(show(encodeElements('E2setupFailure', elements))).slice(-2)).toEqual([
    '      [1] unknown (id 9999, criticality ignore): cafe (2 octets, not read)',
    '      [2] Cause (id 1, criticality ignore): ff (1 octets, not read)',
  ]);
  const type = { kind: 'string', set: 'UTF8String' } as never;
  expect(treeLines(renderTree({ schema, type }, 'a\u001b[2J'))).toEqual(['value: a\\u{1b}[2J']);
});

it('leaves out what would be too much, and says so', () => {
  const many = wrapItems(
    'RANfunction-Item',
    Array.from({ length: 200 }, (_, id) => aRanFunction({ ranFunctionID: id })),
  );
  const bytes = encodeMessage('E2setupRequest', aSetupRequest({ RANfunctionsAdded: many }));
  expect(treeLines(show(bytes, { maxNodes: 100 })).some((each) => /^ +\.\.\.: 1\d\d more$/u.test(each))).toBe(
    true,
  );
});
