import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bitsOf, plmnOctets } from '../../../runners/interfaces/ap/values.ts';
import { encodeMessage, F1AP_PPID } from '../../../runners/interfaces/f1ap/codec.ts';
import { PdcpSender } from '../../../runners/interfaces/pdcp/entity.ts';
import { rrcSamples, type RrcSample } from '../../support/ap/rrc-samples.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';
import { captureOf, UDP_PORT } from '../../tshark/capture.ts';

/** As F1 carries it: on SRB0 as it is, on SRB1 in a PDU of PDCP. */
function carried({ channel, octets }: RrcSample): Uint8Array {
  const ids = { 'gNB-CU-UE-F1AP-ID': 1, 'gNB-DU-UE-F1AP-ID': 1 };
  if (channel === 'ulCcch')
    return encodeMessage('InitialULRRCMessageTransfer', {
      ...{ 'gNB-DU-UE-F1AP-ID': 1, NRCGI: CELL, 'C-RNTI': 1, RRCContainer: octets, TransactionID: 0 },
    });
  if (channel === 'dlCcch')
    return encodeMessage('DLRRCMessageTransfer', { ...ids, SRBID: 0, RRCContainer: octets });
  const isUplink = channel === 'ulDcch';
  const direction = isUplink ? 'uplink' : 'downlink';
  const RRCContainer = new PdcpSender({ kind: 'srb', bearer: 1, direction }).protect(octets);
  const name = isUplink ? 'ULRRCMessageTransfer' : 'DLRRCMessageTransfer';
  return encodeMessage(name, { ...ids, SRBID: 1, RRCContainer });
}

const CELL = { 'pLMN-Identity': plmnOctets('00101'), nRCellIdentity: bitsOf(1, 36) };

describe.skipIf(!hasTshark())('the tshark of this machine (needs tshark)', () => {
  it('reads what we write of RRC, in PDUs of PDCP, and finds no fault', async () => {
    await using folder = await scratchFolder();
    const file = join(folder.path, 'f1.pcapng');
    const samples = rrcSamples();
    const sayings = samples.map((sample) => ({ by: 'node' as const, bytes: carried(sample) }));
    await writeFile(file, await captureOf(sayings, F1AP_PPID));
    const fields = ['nr-rrc.c1', '_ws.malformed', '_ws.expert.message'];
    const options = ['-d', `udp.port==${UDP_PORT},sctp`];
    const rows = await tsharkFields(file, { fields, filter: 'f1ap', options });
    expect(rows.map(([, malformed, expert]) => [malformed, expert])).toEqual(samples.map(() => ['', '']));
    expect(rows.map(([c1]) => Number(c1?.split(',')[0]))).toEqual(samples.map(({ number }) => number));
  });
});
