import { readRrc } from '../../interfaces/rrc/messages.ts';
import { broken, type Found, holds } from '../ap/judging.ts';
import type { SeenPdu } from '../ap/seen-messages.ts';
import type { Finding } from '../ap-pair/findings.ts';
import { CORE, CU_CP, CU_UP, DU, IN_WORDS, type LinkName, LINKS, type Place, speakerOf } from './links.ts';
import type { Pdus } from './seen-rounds.ts';

/** A message that has to go by. */
export interface Hop {
  readonly on: LinkName;
  readonly by: Place;
  /** One of these. */
  readonly names: readonly string[];
  /** The answer to the hop before it. */
  readonly answers?: true;
  readonly fits?: (pdu: SeenPdu) => boolean;
}

function hop(
  [on, by]: readonly [LinkName, Place],
  name: string,
  more: Pick<Hop, 'answers' | 'fits'> = {},
): Hop {
  return { on, by, names: [name], ...more };
}

/** @see TS 23.502 clause 4.2.2.2.2, TS 38.401 clause 8.1 */
export const REGISTRATION: readonly Hop[] = [
  hop(['f1', DU], 'InitialULRRCMessageTransfer'),
  hop(['f1', CU_CP], 'DLRRCMessageTransfer', { fits: isRrcSetup }),
  hop(['f1', DU], 'ULRRCMessageTransfer'),
  hop(['ng', CU_CP], 'InitialUEMessage'),
  hop(['ng', CORE], 'InitialContextSetupRequest'),
  hop(['f1', CU_CP], 'UEContextSetupRequest'),
  hop(['f1', DU], 'UEContextSetupResponse', { answers: true }),
  hop(['ng', CU_CP], 'InitialContextSetupResponse'),
];

/** @see TS 23.502 clause 4.3.2.2.1, TS 38.401 clause 8.9.2 */
export const SESSION: readonly Hop[] = [
  { on: 'ng', by: CORE, names: ['PDUSessionResourceSetupRequest', 'InitialContextSetupRequest'] },
  hop(['e1', CU_CP], 'BearerContextSetupRequest'),
  hop(['e1', CU_UP], 'BearerContextSetupResponse', { answers: true }),
  {
    ...{ on: 'f1', by: CU_CP, names: ['UEContextModificationRequest', 'UEContextSetupRequest'] },
    fits: holdsOneOf('DRBs-ToBeSetupMod-List', 'DRBs-ToBeSetup-List'),
  },
  {
    ...{
      on: 'f1',
      by: DU,
      names: ['UEContextModificationResponse', 'UEContextSetupResponse'],
      answers: true,
    },
    fits: holdsOneOf('DRBs-SetupMod-List', 'DRBs-Setup-List'),
  },
  {
    ...{ on: 'ng', by: CU_CP, names: ['PDUSessionResourceSetupResponse', 'InitialContextSetupResponse'] },
    fits: holdsOneOf('PDUSessionResourceSetupListSURes', 'PDUSessionResourceSetupListCxtRes'),
  },
];

/** @see TS 23.502 clauses 4.2.2.3.2, 4.2.6 */
export const NG_RELEASE: readonly Hop[] = [
  hop(['ng', CORE], 'UEContextReleaseCommand'),
  hop(['ng', CU_CP], 'UEContextReleaseComplete', { answers: true }),
];
export const F1_RELEASE: readonly Hop[] = [
  hop(['f1', CU_CP], 'UEContextReleaseCommand'),
  hop(['f1', DU], 'UEContextReleaseComplete', { answers: true }),
];
export const E1_RELEASE: readonly Hop[] = [
  hop(['e1', CU_CP], 'BearerContextReleaseCommand'),
  hop(['e1', CU_UP], 'BearerContextReleaseComplete', { answers: true }),
];

/** A UE may also be rejected. */
function isRrcSetup({ decoded }: SeenPdu): boolean {
  const { ies } = (decoded.message ?? { ies: {} }) as {
    readonly ies: { readonly RRCContainer?: Uint8Array };
  };
  const read = readRrc('dlCcch', ies.RRCContainer ?? new Uint8Array());
  return read.ok && read.value.name === 'rrcSetup';
}

function holdsOneOf(...elements: readonly string[]): (pdu: SeenPdu) => boolean {
  return ({ decoded }) => {
    const { ies } = (decoded.message ?? { ies: {} }) as { readonly ies: Readonly<Record<string, unknown>> };
    return elements.some((element) => ies[element] !== undefined);
  };
}

/**
 * Every hop went by. Otherwise whoever left a request unanswered is to blame, before whoever did not go on; in the exchange of NAS
 * before a context is set up, whose turn it was.
 */
export function judgeFlow(pdus: Pdus, hops: readonly Hop[]): Finding {
  const found = hops.map((each) => findHop(pdus, each));
  const unanswered = hops.findIndex(
    ({ answers }, at) => answers === true && found[at] === undefined && found[at - 1] !== undefined,
  );
  const at = unanswered < 0 ? found.indexOf(undefined) : unanswered;
  const missing = hops[at];
  const seen = found.flatMap((pdu) => pdu?.n ?? []);
  if (missing === undefined) {
    const [first, last] = [hops[0], hops.at(-1)].map((one) => one?.names[0] ?? '');
    return holds(`from ${first} to ${last}`, ...seen);
  }
  const isTurn = missing.names.includes('InitialContextSetupRequest') && missing.by === CORE;
  const side = isTurn ? turnOf(pdus) : missing.by;
  return { ...missed(missing, found[at - 1]), side };
}

function missed({ on, by, names }: Hop, before: SeenPdu | undefined): Found {
  const after = before?.decoded.message?.name;
  const what = `no ${names.join(' or ')} of the ${IN_WORDS[by]} on ${on.toUpperCase()}`;
  return broken(
    after === undefined ? what : `${what} after ${after}`,
    ...(before === undefined ? [] : [before.n]),
  );
}

export function findHop(pdus: Pdus, { on, by, names, fits = () => true }: Hop): SeenPdu | undefined {
  return pdus[on].find(
    (pdu) => speakerOf(LINKS[on], pdu) === by && names.includes(pdu.decoded.message?.name ?? '') && fits(pdu),
  );
}

/** NAS goes down by NG and F1, and up again: who had it last. What a UE does not say is counted with its O-DU. */
function turnOf(pdus: Pdus): Place {
  const count = (on: LinkName, name: string): number =>
    pdus[on].filter(({ decoded }) => decoded.message?.name === name).length;
  // The first of each on F1 is the set-up of RRC.
  const [downOnF1, upOnF1] = [
    count('f1', 'DLRRCMessageTransfer') - 1,
    count('f1', 'ULRRCMessageTransfer') - 1,
  ];
  if (downOnF1 < count('ng', 'DownlinkNASTransport')) return toUe(pdus) ? CU_CP : CORE;
  if (upOnF1 < downOnF1) return DU;
  return count('ng', 'UplinkNASTransport') < upOnF1 ? CU_CP : CORE;
}

/** Whether what the core says to the UE is said under the identifier that the O-CU-CP gave it. */
function toUe({ ng }: Pdus): boolean {
  const ids = (name: string): readonly unknown[] =>
    ng.flatMap(({ decoded }) => {
      const message = decoded.message;
      if (message?.name !== name) return [];
      return [
        (message as unknown as { readonly ies: Readonly<Record<string, unknown>> }).ies['RAN-UE-NGAP-ID'],
      ];
    });
  const given = ids('InitialUEMessage');
  return ids('DownlinkNASTransport').every((id) => given.includes(id));
}
