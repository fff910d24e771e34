import { expect, it } from 'vitest';
import { elementsFor, encodeElements, encodeMessage } from '../../../../../runners/interfaces/e2/codec.ts';
import { wrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import { E2Listener } from '../../../../../runners/interfaces/e2sm/e2-statements.ts';
import { KPM } from '../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import { SERVICE_MODEL_OIDS } from '../../../../../runners/interfaces/e2sm/service-models.ts';
import { aGlobalRicId, anIndication, aRanFunction, aSetupRequest } from '../../../../support/e2/messages.ts';
import { KPM_DEFINITION_OF_CU } from '../../../../support/e2sm-vectors.ts';

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

function heard(...messages: readonly Uint8Array[]): E2Listener {
  const listener = new E2Listener();
  messages.forEach((bytes, index) => {
    listener.hear({ bytes, source: `message ${index + 1}`, association: 1, inUdp: true });
  });
  return listener;
}

function setup(definition: Uint8Array): Uint8Array {
  const kpm = aRanFunction({ ranFunctionOID: SERVICE_MODEL_OIDS.kpm, ranFunctionDefinition: definition });
  const changes = { RANfunctionsAdded: wrapItems('RANfunction-Item', [kpm]) };
  return encodeMessage('E2setupRequest', aSetupRequest(changes));
}

it('a setup tells the models of a node, their styles, its network and the length of its identity', () => {
  const { node, ric } = heard(setup(bytesOf(KPM_DEFINITION_OF_CU)));
  const said = node.map(({ topic, value }) => `${topic}=${value}`);
  expect(said).toEqual(
    expect.arrayContaining(['model=kpm', 'kpm.styles=1', 'plmn=00101', 'nodeIdBits=29', 'carriage=udp']),
  );
  expect(ric).toEqual([]);
});

it('a definition that is none is told', () => {
  const { node } = heard(setup(Uint8Array.of(1, 2, 3)));
  expect(node.map(({ topic }) => topic)).toContain('definition.unreadable');
});

it.each([
  ['v2', 4],
  ['v3', 8],
] as const)('an indication header of KPM %s tells %i octets', (version, octets) => {
  const header = KPM[version].header.encode({ timeStamp: new Uint8Array(octets).fill(0xe9) });
  const indication = encodeMessage('RICindication', anIndication({ RICindicationHeader: header }));
  const { node } = heard(setup(bytesOf(KPM_DEFINITION_OF_CU)), indication);
  expect(node.find(({ topic }) => topic === 'kpm.timeStampOctets')).toMatchObject({
    ...{ value: octets, source: 'message 2', captured: true },
  });
});

it('a RIC tells its network; noise tells nothing', () => {
  const ies = { TransactionID: 1, 'GlobalRIC-ID': aGlobalRicId() };
  const response = encodeElements('E2setupResponse', elementsFor('E2setupResponse', ies));
  const { ric, node } = heard(response, Uint8Array.of(0xff, 1, 2));
  expect(ric.map(({ topic, value }) => `${topic}=${value}`)).toEqual(['plmn=00101', 'carriage=udp']);
  expect(node).toEqual([]);
});
