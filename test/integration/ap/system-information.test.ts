import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeMessage, F1AP_PPID } from '../../../runners/interfaces/f1ap/codec.ts';
import { anF1SetupRequest } from '../../support/ap/messages.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';
import { captureOf, UDP_PORT } from '../../tshark/capture.ts';

const FIELDS = [
  ...['nr-rrc.subCarrierSpacingCommon', 'nr-rrc.trackingAreaCode', 'nr-rrc.carrierFreq'],
  ...['nr-rrc.MCC_MNC_Digit', '_ws.expert.message'],
];

describe.skipIf(!hasTshark())('the tshark of this machine (needs tshark)', () => {
  it('reads the system information in an F1 set-up', async () => {
    await using folder = await scratchFolder();
    const file = join(folder.path, 'f1.pcapng');
    const bytes = encodeMessage('F1SetupRequest', anF1SetupRequest());
    await writeFile(file, await captureOf([{ by: 'node', bytes }], F1AP_PPID));
    const options = ['-d', `udp.port==${UDP_PORT},sctp`];
    const rows = await tsharkFields(file, { fields: FIELDS, filter: 'f1ap', options });
    expect(rows).toEqual([['1', '000007', '633334', '0,0,1,0,1', '']]);
  });
});
