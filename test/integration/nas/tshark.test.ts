import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeNas } from '../../../runners/interfaces/nas/codec.ts';
import { MESSAGES } from '../../../runners/interfaces/nas/types.ts';
import { encodeMessage, NGAP_PPID } from '../../../runners/interfaces/ngap/codec.ts';
import { registrationMessages } from '../../support/nas/registration.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';
import { captureOf, UDP_PORT } from '../../tshark/capture.ts';

const IDS = { 'AMF-UE-NGAP-ID': 1, 'RAN-UE-NGAP-ID': 1 };
const FIELDS = ['nas_5gs.mm.message_type', 'nas_5gs.sm.message_type', '_ws.expert.message'];

describe.skipIf(!hasTshark())('the tshark of this machine (needs tshark)', () => {
  it('reads what a UE and its network say as we do', async () => {
    const said = registrationMessages().map(([, bytes]) => bytes);
    const sayings = said.map((bytes) => ({ by: 'ric', bytes: carried(bytes) }) as const);
    await using folder = await scratchFolder();
    const file = join(folder.path, 'nas.pcapng');
    await writeFile(file, await captureOf(sayings, NGAP_PPID));
    const options = ['-d', `udp.port==${UDP_PORT},sctp`];
    const rows = await tsharkFields(file, { fields: FIELDS, filter: 'ngap', options });
    expect(rows.map(([type = '']) => Number(type.split(',')[0]))).toEqual(said.map(typeOf));
    expect(rows.map(([, inner = '']) => inner).filter((inner) => inner !== '')).toEqual(['0xc1', '0xc2']);
    expect(rows.map(([, , remarks = '']) => remarks).filter((remark) => remark !== '')).toEqual([]);
  });
});

function carried(bytes: Uint8Array): Uint8Array {
  return encodeMessage('DownlinkNASTransport', { ...IDS, 'NAS-PDU': bytes });
}

function typeOf(bytes: Uint8Array): number {
  const { message } = decodeNas(bytes);
  return message === null ? -1 : MESSAGES[message.name].type;
}
