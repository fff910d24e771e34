import { describe, expect, it } from 'vitest';
import { ApPeer } from '../../../../../runners/interfaces/ap/peer.ts';
import * as e1ap from '../../../../../runners/interfaces/e1ap/codec.ts';
import * as f1ap from '../../../../../runners/interfaces/f1ap/codec.ts';
import * as ngap from '../../../../../runners/interfaces/ngap/codec.ts';
import type { NgapShape } from '../../../../../runners/interfaces/ngap/types.ts';
import * as xnap from '../../../../../runners/interfaces/xnap/codec.ts';
import { anAssociation, soon } from '../../../../support/e2/peers.ts';

it('keeps what is about a UE off the stream of what is not', async () => {
  await using both = await anAssociation();
  await using gnb = new ApPeer<NgapShape>(ngap.PROTOCOL, { association: both.client });
  await using amf = new ApPeer<NgapShape>(ngap.PROTOCOL, { association: both.server });
  const ids = { 'AMF-UE-NGAP-ID': 7, 'RAN-UE-NGAP-ID': 9 };
  const pair = { 'uE-NGAP-ID-pair': { 'aMF-UE-NGAP-ID': 7, 'rAN-UE-NGAP-ID': 9 } };
  const Cause = { nas: 'normal-release' } as const;
  await amf.send({ name: 'OverloadStop', ies: {} });
  await amf.send({ name: 'DownlinkNASTransport', ies: { ...ids, 'NAS-PDU': Uint8Array.of(0x7e) } });
  await amf.send({ name: 'UEContextReleaseCommand', ies: { 'UE-NGAP-IDs': pair, Cause } });
  await amf.send({ name: 'NGReset', ies: { Cause, ResetType: { 'nG-Interface': 'reset-all' } } });
  await amf.sendBytes(Uint8Array.of(0xff));
  await gnb.waitFor(({ n }) => n === 4, { ...soon(), from: 0 });
  const heard = gnb.journal.entries.filter(({ direction }) => direction === 'received');
  expect(heard.map(({ stream }) => stream)).toEqual([0, 1, 1, 0, 0]);
});

describe('what answers a message that cannot be taken', () => {
  it('is the failure of NGAP with the identifiers of the UE', () => {
    const ids = { 'AMF-UE-NGAP-ID': 7, 'RAN-UE-NGAP-ID': 9 };
    const name = 'InitialContextSetupRequest';
    const bytes = ngap.encodeElements(name, ngap.elementsFor(name, ids));
    const decoded = ngap.decodePdu(bytes);
    expect(ngap.protocolAnswer(decoded, ngap.comprehend(decoded))).toMatchObject({
      name: 'InitialContextSetupFailure',
      ies: {
        'AMF-UE-NGAP-ID': 7,
        'RAN-UE-NGAP-ID': 9,
        Cause: { protocol: 'abstract-syntax-error-reject' },
      },
    });
  });

  it('is an error indication of F1AP and E1AP, which have a transaction in any case', () => {
    const cause = 'message-not-compatible-with-receiver-state';
    for (const { errorIndication } of [f1ap, e1ap])
      expect(errorIndication({ envelope: null, message: null }, cause)).toMatchObject({
        name: 'ErrorIndication',
        ies: { TransactionID: 0, Cause: { protocol: cause } },
      });
  });

  it('is an error indication of XnAP with its own names for the ends of a UE', () => {
    const ids = { 'sourceNG-RANnodeUEXnAPID': 3, 'targetNG-RANnodeUEXnAPID': 4 };
    const bytes = xnap.encodeElements('SNStatusTransfer', xnap.elementsFor('SNStatusTransfer', ids));
    const { envelope, message } = xnap.decodePdu(bytes);
    expect(message?.ies).toMatchObject({ 'sourceNG-RANnodeUEXnAPID': 3, 'targetNG-RANnodeUEXnAPID': 4 });
    expect(xnap.errorIndication({ envelope, message }, 'semantic-error').ies).toMatchObject({
      'oldNG-RANnodeUEXnAPID': 3,
      'newNG-RANnodeUEXnAPID': 4,
    });
  });
});

describe('requests of NGAP', () => {
  it('are told apart by the UE, and the release by either form of its identifiers', async () => {
    await using both = await anAssociation();
    await using amf = new ApPeer<NgapShape>(ngap.PROTOCOL, { association: both.client });
    await using gnb = new ApPeer<NgapShape>(ngap.PROTOCOL, {
      association: both.server,
      handle: (message) =>
        message.name === 'UEContextReleaseCommand' && 'uE-NGAP-ID-pair' in message.ies['UE-NGAP-IDs']
          ? [ngap.outgoing('UEContextReleaseComplete', { 'AMF-UE-NGAP-ID': 2, 'RAN-UE-NGAP-ID': 5 })]
          : [],
    });
    const Cause = { nas: 'normal-release' } as const;
    const alone = { 'UE-NGAP-IDs': { 'aMF-UE-NGAP-ID': 1 }, Cause };
    const other = amf.request('UEContextReleaseCommand', alone, soon(50));
    const pair = { 'uE-NGAP-ID-pair': { 'aMF-UE-NGAP-ID': 2, 'rAN-UE-NGAP-ID': 5 } };
    const answered = await amf.request('UEContextReleaseCommand', { 'UE-NGAP-IDs': pair, Cause }, soon());
    expect(answered.kind).toBe('successful');
    expect(gnb.journal.entries.filter(({ direction }) => direction === 'received')).toHaveLength(2);
    expect((await other).kind).toBe('silent');
  });
});
