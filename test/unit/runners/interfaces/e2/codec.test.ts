import { expect, it } from 'vitest';
import {
  decodePdu,
  elementsFor,
  encodeElements,
  encodeMessage,
} from '../../../../../runners/interfaces/e2/codec.ts';
import { schema } from '../../../../../runners/interfaces/e2/gen/e2ap-schema.js';
import {
  elementName,
  messageRule,
  messageRuleOf,
  unwrapItems,
} from '../../../../../runners/interfaces/e2/messages.ts';
import { KINDS, PROCEDURES } from '../../../../../runners/interfaces/e2/types.ts';
import { aRanFunction, aSetupRequest } from '../../../../support/e2/messages.ts';

const TABLES = { initiating: '&Initiating', successful: '&Successful', unsuccessful: '&Unsuccessful' };

it('knows the messages of each procedure as the module text has them', () => {
  const written = Object.values(PROCEDURES).flatMap((messages) => Object.values(messages));
  const known = KINDS.flatMap((kind) =>
    [...(schema.tables.get(`E2AP.Procedures/${TABLES[kind]}`) ?? [])].map(([code, type]) => {
      const rule = messageRuleOf(kind, Number(code));
      expect(type).toMatchObject({ name: `E2AP.Message{E2AP.${rule?.name ?? ''}-IEs}` });
      return rule?.name;
    }),
  );
  expect(known).toHaveLength(39);
  expect([...known].sort()).toEqual([...written].sort());
  expect(messageRule('RICQueryRequest')).toMatchObject({
    procedure: 'RICquery',
    code: 16,
    criticality: 'reject',
  });
  expect(elementName(7)).toBe('RANfunctionIEcause-Item');
});

it('reads what it wrote, by the names of the elements', () => {
  const ies = aSetupRequest();
  const { message, faults, envelope } = decodePdu(encodeMessage('E2setupRequest', ies));
  expect(faults).toEqual([]);
  expect(envelope).toEqual({ kind: 'initiating', code: 1, criticality: 'reject' });
  expect(message).toMatchObject({ name: 'E2setupRequest', procedure: 'E2setup', kind: 'initiating', ies });
  if (message?.name !== 'E2setupRequest') throw new Error('another message');
  expect(unwrapItems('RANfunction-Item', message.ies.RANfunctionsAdded)).toEqual([aRanFunction()]);
});

it('says where a value does not belong to its type', () => {
  expect(() => encodeMessage('E2setupRequest', aSetupRequest({ TransactionID: -1 }))).not.toThrow();
  const wrong = { ...aSetupRequest(), TransactionID: 'one' } as unknown as ReturnType<typeof aSetupRequest>;
  expect(() => encodeMessage('E2setupRequest', wrong)).toThrow(
    /initiatingMessage\.value\.protocolIEs\[0\]\.value/u,
  );
});

it('sends elements twice, in another order, of any identifier and with any octets', () => {
  const [transaction, ...rest] = elementsFor('E2setupRequest', aSetupRequest());
  const raw = { id: 3, criticality: 'ignore', value: { '...': Uint8Array.of(0xff, 0xff) } } as const;
  const foreign = { id: 9999, criticality: 'notify', value: Uint8Array.of(1) } as const;
  const elements = [...rest.slice(1), transaction!, transaction!, foreign, raw];
  const decoded = decodePdu(encodeElements('E2setupRequest', elements, { criticality: 'notify' }));
  expect(decoded.envelope?.criticality).toBe('notify');
  expect(decoded.message?.elements.map(({ id }) => id)).toEqual([10, 50, 49, 49, 9999, 3]);
  expect(decoded.message?.ies).not.toHaveProperty('GlobalE2node-ID');
  expect(decoded.faults[0]?.path).toMatch(/^initiatingMessage\.value\.protocolIEs\[5\]\.value/u);
  expect(decoded.pdu).toMatchObject({ initiatingMessage: { value: { protocolIEs: elements } } });
});

it('shows the envelope of a procedure that does not exist', () => {
  const bytes = encodeElements('ErrorIndication', [], { code: 200 });
  expect(decodePdu(bytes)).toMatchObject({
    message: null,
    envelope: { code: 200, kind: 'initiating' },
    faults: [],
  });
});

it('reads what can be read of a message that breaks off, and nothing of one that is none', () => {
  const bytes = encodeMessage('E2setupRequest', aSetupRequest());
  const broken = decodePdu(bytes.slice(0, 20));
  expect(broken.faults).not.toEqual([]);
  expect(decodePdu(new Uint8Array(0))).toMatchObject({ pdu: null, envelope: null, message: null });
  expect(decodePdu(Uint8Array.of(0xff, 0xff, 0xff)).faults).not.toEqual([]);
});
