import { responseEndIn } from '../../interfaces/ngap/transfers.ts';
import { wireSlice } from '../../interfaces/ngap/values.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { answeredWith, broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { came } from '../ng/judging.ts';
import { networkSaw } from '../ng/network-facts.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { driveGnb } from './gnb-driver.ts';
import { TIMES } from './parameters.ts';

const REQUEST = 'PDUSessionResourceSetupRequest';
const RESPONSE = 'PDUSessionResourceSetupResponse';
const USER_PLANE = 'user-plane';
const PING_TARGET = '10.45.0.1';

/** TS 38.413 8.2.1 */
export const session: Procedure = {
  id: 'ng.gnb.session',
  parameters: TIMES,
  clauses: ['answered', 'tunnel', 'echo', 'well-formed'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      await driver.ready();
      const ue = await driver.registered();
      await driver.trySession(ue, 'session');
      const [user] = ue.userPlanes.values();
      if (user === undefined || user.down === null) return;
      const echoMs = await driver.amf.upf.echo(user, driver.waiting).catch(lateOnly);
      bench.observe('echo', USER_PLANE, { echoMs });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [request] = messagesOf(pdus, REQUEST, 'sent');
    const echo = observations.find(({ kind }) => kind === USER_PLANE);
    const { echoMs } = (echo?.data ?? {}) as { readonly echoMs?: unknown };
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, [RESPONSE]),
        tunnel: tunnelIn(pdus),
        echo:
          echo === undefined
            ? unseen('there is no tunnel')
            : typeof echoMs === 'number'
              ? holds(`within ${Math.ceil(echoMs)} ms`, echo.n)
              : broken('no ECHO RESPONSE came', echo.n),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** Silence is null. @throws whatever else it was */
export function lateOnly(error: unknown): null {
  if (error instanceof HarnessError && error.code === 'DEADLINE') return null;
  throw error;
}

function tunnelIn(pdus: readonly SeenPdu[]): Found {
  const [response] = messagesOf(pdus, RESPONSE, 'received');
  if (response === undefined) return unseen('there is no response');
  const [item] = response.message.ies.PDUSessionResourceSetupListSURes ?? [];
  const end = item === undefined ? null : responseEndIn(item.pDUSessionResourceSetupResponseTransfer);
  return end === null
    ? broken('the response has no downlink tunnel', response.n)
    : holds('a downlink tunnel', response.n);
}

/** TS 38.413 8.2.1.4: a session whose number is in use. */
export const duplicate: Procedure = {
  id: 'ng.gnb.duplicate-session',
  parameters: TIMES,
  clauses: ['answered', 'failed'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ue = await driver.withSession();
      const [id] = ue.userPlanes.keys();
      const transfer = id === undefined ? null : ue.transferOf(id);
      const { connection } = ue;
      if (id === undefined || transfer === null || connection === null) return;
      const [slice] = driver.amf.settings.slices;
      if (slice === undefined) throw Blocked.precondition('there is no slice');
      const item = {
        ...{ pDUSessionID: id, 's-NSSAI': wireSlice(slice) },
        pDUSessionResourceSetupRequestTransfer: transfer,
      };
      const ies = {
        ...{ 'AMF-UE-NGAP-ID': connection.amfUeId, 'RAN-UE-NGAP-ID': connection.ranUeId },
        PDUSessionResourceSetupListSUReq: [item],
      };
      driver.enter('again');
      await link.request('again', { name: REQUEST, ies }, driver.waiting);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const request = sentIn(pdus, 'again');
    const answer = messagesOf(pdus, RESPONSE, 'received').find(({ step }) => step === 'again');
    const { ies } = answer?.message ?? {};
    const failed = ies?.PDUSessionResourceFailedToSetupListSURes ?? [];
    const done = ies?.PDUSessionResourceSetupListSURes ?? [];
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, [RESPONSE]),
        failed:
          answer === undefined
            ? unseen('there is no answer')
            : failed.length > 0 && done.length === 0
              ? holds('the session is listed as failed', answer.n)
              : broken('the session is listed as set up', answer.n),
      }),
    };
  },
};

/** TS 38.413 8.2.2, TS 24.501 6.3.3 */
export const sessionRelease: Procedure = {
  id: 'ng.gnb.session-release',
  parameters: TIMES,
  clauses: ['answered', 'nas'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ue = await driver.withSession();
      const [id = 1] = ue.userPlanes.keys();
      const from = link.next;
      driver.enter('release');
      ue.perform(ue.nas.releaseSession(id));
      await driver.awaits(link, 'PDUSessionResourceReleaseResponse', { from });
      await driver.until(() => (ue.nas.ue.sessions.size === 0 ? true : undefined), driver.waiting.withinMs);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const command = sentIn(pdus, 'release');
    const otherwise = 'the UE did not confirm the release';
    return {
      clauses: clausesOf({
        answered:
          command === undefined
            ? unseen('no command was sent')
            : came(pdus, 'release', 'PDUSessionResourceReleaseResponse'),
        nas: networkSaw(seen, 'session-down', { step: 'release', otherwise }),
      }),
    };
  },
};

/** TS 29.281 5.1, TS 38.415: what the UE sends comes up, and goes down again. */
export const userPlane: Procedure = {
  id: 'ng.gnb.user-plane',
  parameters: TIMES,
  clauses: ['ping'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      await driver.ready();
      const ue = await driver.withSession();
      const order = {
        action: 'ping',
        to: PING_TARGET,
        session: 1,
        ...(ue.imsi === null ? {} : { imsi: ue.imsi }),
      };
      await driver.mustOrder('ping', order, `have the UE ping ${PING_TARGET}`);
      const { upf } = driver.amf;
      await driver.until(() => (upf.packets > 0 ? true : undefined), driver.triggerMs);
      bench.observe('ping', USER_PLANE, { packets: upf.packets });
    }),
  judge: ({ observations }) => {
    const seen = observations.find(({ kind }) => kind === USER_PLANE);
    const { packets } = (seen?.data ?? {}) as { readonly packets?: unknown };
    return {
      clauses: clausesOf({
        ping:
          seen === undefined
            ? unseen('the case did not get there')
            : typeof packets === 'number' && packets > 0
              ? holds(`${packets} packet(s) came up`, seen.n)
              : broken('no packet of the UE came up', seen.n),
      }),
    };
  },
};
