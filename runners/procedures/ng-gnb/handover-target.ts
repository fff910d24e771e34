import { outgoing } from '../../interfaces/ngap/codec.ts';
import { freshBearers, targetToSourceIn } from '../../interfaces/ngap/containers.ts';
import { type TunnelEnd, tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import type { HandoverDesk } from '../../simulators/amf/core.ts';
import { answeredWith, broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { openingOf, sentIn } from '../ap/seen-messages.ts';
import { begun, cameIn, errorAbout } from '../ng/judging.ts';
import type { NgLink } from '../ng/link.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { driveGnb, type GnbDriver } from './gnb-driver.ts';
import { testerDesk } from './handover-desk.ts';
import { handoverTo, ownCell, ownSlice, type WantedHandover } from './handover-request.ts';
import { TIMES } from './parameters.ts';
import { lateOnly } from './sessions.ts';
import { aStatusTo, serves } from './serving.ts';

/** What a UE that there is none of comes to is seen to here. */
const handovers = (): HandoverDesk => testerDesk('nothing');
const [PREPARATION, ARRIVAL, RELEASE] = ['preparation', 'arrival', 'release'] as const;
const ECHO = 'echo';
const ACKNOWLEDGE = 'HandoverRequestAcknowledge';
const SESSION = 5;
const UNKNOWN = ['unknown-local-UE-NGAP-ID'];

export type Acknowledge = Partial<Ies<typeof ACKNOWLEDGE>>;
type Ids = Pick<Ies<typeof ACKNOWLEDGE>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>;

interface Asking {
  readonly driver: GnbDriver;
  readonly link: NgLink;
}

/** Asks, and gives what the product has allocated; null when it has not. */
async function ask(
  { driver, link }: Asking,
  step: string,
  wanted: WantedHandover,
): Promise<Allocated | null> {
  driver.enter(step);
  const ies = handoverTo(driver, wanted);
  const outcome = await link.request(step, { name: 'HandoverRequest', ies }, driver.waiting);
  if (outcome.kind !== 'successful') return null;
  const { 'RAN-UE-NGAP-ID': ran } = outcome.message.ies;
  if (ran === undefined) return null;
  return {
    ids: { 'AMF-UE-NGAP-ID': ies['AMF-UE-NGAP-ID'], 'RAN-UE-NGAP-ID': ran },
    down: tunnelIn(outcome.message.ies, SESSION),
  };
}

interface Allocated {
  readonly ids: Ids;
  readonly down: TunnelEnd | null;
}

async function release({ driver, link }: Asking, ids: Ids): Promise<void> {
  const pair = { 'aMF-UE-NGAP-ID': ids['AMF-UE-NGAP-ID'], 'rAN-UE-NGAP-ID': ids['RAN-UE-NGAP-ID'] };
  const cause = { radioNetwork: 'handover-cancelled' } as const;
  const ies = { 'UE-NGAP-IDs': { 'uE-NGAP-ID-pair': pair }, Cause: cause };
  driver.enter(RELEASE);
  await link.request(RELEASE, { name: 'UEContextReleaseCommand', ies }, driver.waiting);
}

/** TS 38.413 8.4.2, 8.4.3, 8.4.7: a UE comes from another gNB. */
export const handoverHere: Procedure = {
  id: 'ng.gnb.handover-target',
  parameters: TIMES,
  clauses: ['answered', 'tunnel', 'container', 'echo', 'notified', 'released', 'well-formed'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal, handovers }, async (driver) => {
      const link = await driver.ready();
      const asking = { driver, link };
      const cell = await ownCell(driver, link);
      const sessions = [{ id: SESSION, slice: ownSlice(driver) }];
      const allocated = await ask(asking, PREPARATION, { cell, sessions });
      if (allocated === null) return;
      const { ids, down } = allocated;
      const states = { 'RANStatusTransfer-TransparentContainer': freshBearers(1) };
      await link.send(PREPARATION, outgoing('DownlinkRANStatusTransfer', { ...ids, ...states }));
      if (down !== null) {
        const user = { end: down, address: '', qfi: 1, down };
        bench.observe(ECHO, ECHO, {
          echoMs: await driver.amf.upf.echo(user, driver.waiting).catch(lateOnly),
        });
      }
      const from = link.next;
      await driver.mustOrder(ARRIVAL, { action: 'arrive' }, 'have the UE arrive that was handed over to it');
      await driver.awaits(link, 'HandoverNotify', { from, withinMs: driver.triggerMs });
      await release(asking, ids);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [answer] = messagesOf(pdus, ACKNOWLEDGE, 'received');
    const of = (isRight: (ies: Acknowledge) => boolean, right: string, wrong: string): Found => {
      if (answer === undefined) return unseen('nothing was allocated');
      return isRight(answer.message.ies) ? holds(right, answer.n) : broken(wrong, answer.n);
    };
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, openingOf(pdus, PREPARATION), [ACKNOWLEDGE]),
        tunnel: of(
          (ies) => tunnelIn(ies, SESSION) !== null,
          'a downlink tunnel',
          'no downlink tunnel for the session',
        ),
        container: of(
          hasContainer,
          'a container with a command for the UE',
          'its container cannot be decoded',
        ),
        echo: echoed(seen),
        notified:
          answer === undefined ? unseen('nothing was allocated') : notified(seen, pdus, answer.message.ies),
        released: answeredWith(pdus, sentIn(pdus, RELEASE), ['UEContextReleaseComplete']),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

export function tunnelIn(
  { PDUSessionResourceAdmittedList: list = [] }: Acknowledge,
  id: number,
): TunnelEnd | null {
  const item = list.find(({ pDUSessionID }) => pDUSessionID === id);
  const transfer = item?.handoverRequestAcknowledgeTransfer;
  return transfer === undefined || transfer instanceof Uint8Array
    ? null
    : tunnelEndIn(transfer['dL-NGU-UP-TNLInformation']);
}

export function hasContainer({ 'TargetToSource-TransparentContainer': octets }: Acknowledge): boolean {
  const container = octets === undefined ? null : targetToSourceIn(octets);
  return container !== null && container.rRCContainer.length > 0;
}

function echoed({ observations }: Seen): Found {
  const seen = observations.find(({ kind }) => kind === ECHO);
  if (seen === undefined) return unseen('there is no tunnel');
  const { echoMs } = seen.data as { readonly echoMs?: unknown };
  return typeof echoMs === 'number'
    ? holds(`within ${Math.ceil(echoMs)} ms`, seen.n)
    : broken('no ECHO RESPONSE came', seen.n);
}

function notified(seen: Seen, pdus: readonly SeenPdu[], allocated: Acknowledge): Found {
  const notify = cameIn(pdus, ARRIVAL, 'HandoverNotify');
  if (notify === undefined) return begun(seen, notify, 'HANDOVER NOTIFY');
  const { ies } = notify.message;
  const isIt =
    ies['AMF-UE-NGAP-ID'] === allocated['AMF-UE-NGAP-ID'] &&
    ies['RAN-UE-NGAP-ID'] === allocated['RAN-UE-NGAP-ID'];
  return isIt
    ? holds('HANDOVER NOTIFY', notify.n)
    : broken('HANDOVER NOTIFY with other identifiers than were allocated', notify.n);
}

/** TS 38.413 8.4.2.3, 8.4.2.4: what cannot be is not allocated. */
export const handoverHereRefused: Procedure = {
  id: 'ng.gnb.handover-target-refused',
  parameters: TIMES,
  clauses: ['slice', 'algorithms', 'repeated', 'alive'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal, handovers }, async (driver) => {
      const link = await driver.ready();
      const cell = await ownCell(driver, link);
      const slice = ownSlice(driver);
      const foreign = { sst: (slice.sst + 1) % 128, sd: 0xab_cd_ef };
      const sessions = [{ id: SESSION, slice }];
      const wanted: readonly (readonly [string, WantedHandover])[] = [
        ['slice', { cell, sessions: [{ id: SESSION, slice: foreign }] }],
        ['algorithms', { cell, sessions, capability: Uint8Array.of(0x80, 0x80, 0x80, 0x80) }],
        ['repeated', { cell, sessions: [...sessions, ...sessions, { id: SESSION + 1, slice }] }],
      ];
      for (const [step, each] of wanted) {
        const allocated = await ask({ driver, link }, step, each);
        if (allocated !== null) await release({ driver, link }, allocated.ids);
      }
      await driver.probe(link);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const refused = (step: string): Found => answeredWith(pdus, openingOf(pdus, step), ['HandoverFailure']);
    return {
      clauses: clausesOf({
        slice: refused('slice'),
        algorithms: refused('algorithms'),
        repeated: repeatedFails(pdus),
        alive: serves(pdus),
      }),
    };
  },
};

/** The session that stands twice fails, whether the handover goes on without it or not. */
function repeatedFails(pdus: readonly SeenPdu[]): Found {
  const answer = cameIn(pdus, 'repeated', ACKNOWLEDGE);
  if (answer === undefined) return answeredWith(pdus, openingOf(pdus, 'repeated'), ['HandoverFailure']);
  return tunnelIn(answer.message.ies, SESSION) === null
    ? holds('the session that stands twice is not admitted', answer.n)
    : broken('the session that stands twice is admitted', answer.n);
}

/** TS 38.413 8.3.3: the UE does not come, and what was allocated goes. */
export const handoverHereReleased: Procedure = {
  id: 'ng.gnb.handover-target-released',
  parameters: TIMES,
  clauses: ['answered', 'released', 'forgotten'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal, handovers }, async (driver) => {
      const link = await driver.ready();
      const cell = await ownCell(driver, link);
      const sessions = [{ id: SESSION, slice: ownSlice(driver) }];
      const allocated = await ask({ driver, link }, PREPARATION, { cell, sessions });
      if (allocated === null) return;
      await release({ driver, link }, allocated.ids);
      await driver.provoke(link, 'ask', aStatusTo(allocated.ids));
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, openingOf(pdus, PREPARATION), [ACKNOWLEDGE]),
        released: answeredWith(pdus, sentIn(pdus, RELEASE), ['UEContextReleaseComplete']),
        forgotten: errorAbout(pdus, 'ask', UNKNOWN),
      }),
    };
  },
};
