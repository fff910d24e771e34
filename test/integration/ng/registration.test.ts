import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EntryIn } from '../../../runners/interfaces/ap/peer.ts';
import { NGAP_PPID, outgoing } from '../../../runners/interfaces/ngap/codec.ts';
import type { NgapShape } from '../../../runners/interfaces/ngap/types.ts';
import { locationOf } from '../../../runners/interfaces/ngap/values.ts';
import { answerHook } from '../../../runners/simulators/amf/control.ts';
import { cellOf } from '../../../runners/simulators/gnb/settings.ts';
import { soon } from '../../support/e2/peers.ts';
import { gnbAndAmf, inTime } from '../../support/ng/gnb-and-amf.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { hasTshark, tsharkFields } from '../../support/tshark.ts';
import { captureOf, UDP_PORT } from '../../tshark/capture.ts';

async function untilRegistered(pair: Awaited<ReturnType<typeof gnbAndAmf>>): Promise<void> {
  pair.ue.run(pair.ue.ue.register());
  expect(await pair.ue.waitFor(({ fact }) => fact === 'registered', inTime())).not.toBeNull();
}

async function withSession(pair: Awaited<ReturnType<typeof gnbAndAmf>>): Promise<void> {
  await untilRegistered(pair);
  pair.ue.run(pair.ue.ue.establishSession({ id: 1, dnn: 'internet', slice: { sst: 1, sd: 0x010203 } }));
  expect(await pair.ue.waitFor(({ fact }) => fact === 'session-up', inTime())).not.toBeNull();
}

describe('a gNB and an AMF', () => {
  it('register a UE, give it a session through which a ping comes back, and let it go', async () => {
    await using pair = await gnbAndAmf();
    expect(pair.outcome).toMatchObject({ kind: 'successful', message: { ies: { AMFName: 'amf-1' } } });
    await withSession(pair);
    expect(pair.ue.facts.map(({ fact }) => fact)).toContainEqual({
      ...{ fact: 'context-set-up', isSameKey: true },
    });
    expect(await pair.ue.ping(1, { to: '10.45.0.1', ...inTime() })).toBeGreaterThan(0);
    pair.ue.run(pair.ue.ue.deregister());
    expect(await pair.ue.waitFor(({ fact }) => fact === 'released', inTime())).not.toBeNull();
    expect(pair.ue.sessions.size).toBe(0);
  });

  it('reach a UE that sleeps, with its session', async () => {
    await using pair = await gnbAndAmf();
    await withSession(pair);
    pair.gnb.askRelease(pair.ue);
    expect(await pair.ue.waitFor(({ fact }) => fact === 'released', inTime())).not.toBeNull();
    const order = Buffer.from('{"action":"releaseSession","session":1}');
    const hooked = { method: 'POST', path: '/', headers: [], body: order, scheme: 'http' } as const;
    expect(answerHook(pair.amf, hooked).status).toBe(409);
    const [known] = pair.amf.ues;
    expect(known !== undefined && pair.amf.page(known)).toBe(true);
    expect(await pair.ue.waitFor(({ fact }) => fact === 'service-accepted', inTime())).not.toBeNull();
    expect(await pair.ue.ping(1, { to: '10.45.0.1', ...inTime() })).toBeGreaterThan(0);
  });

  it('tell each other of a UE that one of them does not have', async () => {
    await using pair = await gnbAndAmf();
    await untilRegistered(pair);
    const strange = { ...pair.ue.ids, 'AMF-UE-NGAP-ID': 4_711, 'RAN-UE-NGAP-ID': 1 };
    const location = { UserLocationInformation: locationOf(cellOf(pair.gnb.settings)) };
    pair.gnb.post(
      outgoing('UplinkNASTransport', { ...strange, ...location, 'NAS-PDU': Uint8Array.of(0x7e) }),
    );
    const isIt = ({ decoded: { message } }: EntryIn<NgapShape>) => message?.name === 'ErrorIndication';
    const said = await pair.peer.waitFor(isIt, soon());
    expect(said?.decoded.message?.ies).toMatchObject({
      ...{ 'AMF-UE-NGAP-ID': 4_711, Cause: { radioNetwork: 'unknown-local-UE-NGAP-ID' } },
    });
  });

  it.skipIf(!hasTshark())('say nothing that tshark calls malformed (needs tshark)', async () => {
    await using pair = await gnbAndAmf({ amf: { ciphering: [0] } });
    await withSession(pair);
    pair.gnb.askRelease(pair.ue);
    await pair.ue.waitFor(({ fact }) => fact === 'released', inTime());
    const [known] = pair.amf.ues;
    if (known !== undefined) pair.amf.page(known);
    await pair.ue.waitFor(({ fact }) => fact === 'service-accepted', inTime());
    pair.ue.run(pair.ue.ue.releaseSession(1));
    await pair.ue.waitFor(({ fact }) => fact === 'session-down', inTime());
    pair.ue.run(pair.ue.ue.deregister());
    await pair.ue.waitFor(({ fact }) => fact === 'deregistered', inTime());
    const sayings = pair.said.map(({ bytes, direction }) => ({
      ...{ by: direction === 'received' ? ('node' as const) : ('ric' as const), bytes },
    }));
    await using folder = await scratchFolder();
    const file = join(folder.path, 'ng.pcapng');
    await writeFile(file, await captureOf(sayings, NGAP_PPID));
    const rows = await tsharkFields(file, {
      fields: ['ngap.procedureCode', 'nas_5gs.mm.message_type', '_ws.expert.message', '_ws.malformed'],
      filter: 'ngap',
      options: ['-d', `udp.port==${UDP_PORT},sctp`],
    });
    expect(rows).toHaveLength(sayings.length);
    expect(rows.map(([, , ...remarks]) => remarks.join('')).filter((remark) => remark !== '')).toEqual([]);
  });
});
