import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PduEntry } from '../../../runners/interfaces/ap/journal.ts';
import { NGAP_PPID } from '../../../runners/interfaces/ngap/codec.ts';
import { XNAP_PPID } from '../../../runners/interfaces/xnap/codec.ts';
import { begin, type ProcedureName } from '../../../runners/simulators/xn-gnb/orders.ts';
import { soon } from '../../support/e2/peers.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';
import { twoGnbs } from '../../support/xn/gnbs.ts';
import { captureOf, UDP_PORT } from '../../tshark/capture.ts';

/** Each with the message after which it is over, and which of the two begins it. */
const ORDERS: readonly (readonly [procedure: ProcedureName, last: string, by: 'near' | 'far'])[] = [
  ['configurationUpdate', 'NGRANNodeConfigurationUpdateAcknowledge', 'near'],
  ['page', 'RANPaging', 'near'],
  ['handover', 'SNStatusTransfer', 'near'],
  ['arrive', 'UEContextRelease', 'far'],
  ['resume', 'RetrieveUEContextResponse', 'far'],
  ['reset', 'ResetResponse', 'near'],
  ['removal', 'XnRemovalResponse', 'near'],
];

describe.skipIf(!hasTshark())('the tshark of this machine (needs tshark)', () => {
  it('finds nothing malformed in what two gNBs say to each other and to an AMF', async () => {
    await using gnbs = await twoGnbs();
    const { near, session, amf } = gnbs;
    const inactive = near.contexts.ues.find(({ isInactive }) => isInactive);
    for (const [action, last, by] of ORDERS) {
      const given = { iRnti: inactive?.iRnti ?? 0, mac: inactive?.mac ?? 0 };
      expect(begin(gnbs[by], { action, given })).toBeNull();
      await sees(session.peer.journal, last);
    }
    const { journal } = amf.amf;
    expect(await malformed(session.peer.journal.entries, XNAP_PPID)).toEqual([]);
    expect(await malformed(journal.entries, NGAP_PPID)).toEqual([]);
    expect(journal.entries.length).toBeGreaterThan(3);
  });
});

async function sees(
  journal: {
    readonly entries: readonly { readonly decoded: { readonly message: { name: string } | null } }[];
  },
  name: string,
): Promise<void> {
  const { signal } = soon();
  while (!journal.entries.some(({ decoded }) => decoded.message?.name === name)) {
    signal.throwIfAborted();
    await new Promise((done) => setTimeout(done, 2));
  }
}

type Entry = Pick<PduEntry<unknown>, 'bytes' | 'direction'>;

/** What a reader of captures complains about. */
async function malformed(entries: readonly Entry[], ppid: number): Promise<readonly string[]> {
  await using folder = await scratchFolder();
  const file = join(folder.path, 'talk.pcapng');
  const sayings = entries.map(({ bytes, direction }) => ({
    by: direction === 'sent' ? ('node' as const) : ('ric' as const),
    bytes,
  }));
  await writeFile(file, await captureOf(sayings, ppid));
  const rows = await tsharkFields(file, {
    fields: ['_ws.col.Info', '_ws.malformed', '_ws.expert.message'],
    filter: ppid === XNAP_PPID ? 'xnap' : 'ngap',
    options: ['-d', `udp.port==${UDP_PORT},sctp`],
  });
  expect(rows).toHaveLength(entries.length);
  return rows.filter((row) => row.slice(1).some((found) => found !== '')).map((row) => row.join(': '));
}
