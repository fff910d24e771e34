import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import { tunnelOf } from '../../interfaces/ap/tunnel.ts';
import {
  CIPHERINGS,
  INTEGRITIES,
  modificationsIn,
  sessionsToSetup,
  tunnelsSetUp,
} from '../../interfaces/e1ap/bearers.ts';
import { downlinkTunnels } from '../../interfaces/f1ap/bearers.ts';
import { unwrapItems } from '../../interfaces/f1ap/codec.ts';
import { decodeNas } from '../../interfaces/nas/codec.ts';
import { readProtected } from '../../interfaces/nas/protection.ts';
import { decodeAlgorithms } from '../../interfaces/nas/values.ts';
import { responseEndIn, setupIesIn, tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import { dataOf, MAC_OCTETS } from '../../interfaces/pdcp/pdu.ts';
import { readRrc } from '../../interfaces/rrc/messages.ts';
import { algorithmOf, asKeys } from '../../interfaces/rrc/security.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { broken, holds, unseen } from '../ap/judging.ts';
import { seenOn } from '../ap/seen-messages.ts';
import type { Finding } from '../ap-pair/findings.ts';
import { CORE, CU_CP } from './links.ts';
import type { SeenRound } from './seen-rounds.ts';

// What the O-CU-CP passes from one interface on to another, and what protects the UE.

const [ofNg, ofF1, ofE1] = [seenOn(NG).messagesOf, seenOn(F1).messagesOf, seenOn(E1).messagesOf];
type NgPdus = Parameters<typeof ofNg>[0];
type F1Pdus = Parameters<typeof ofF1>[0];
type E1Pdus = Parameters<typeof ofE1>[0];

function of({ pdus }: SeenRound) {
  return { ng: pdus.ng as NgPdus, f1: pdus.f1 as F1Pdus, e1: pdus.e1 as E1Pdus };
}

interface Passed {
  readonly what: string;
  readonly given: Tunnel | null | undefined;
  readonly told: Tunnel | null | undefined;
}

/** Where each product takes packets is what the O-CU-CP tells the one that sends them. @see TS 38.401 clause 8.9.2 */
export function judgeTunnels(round: SeenRound): Finding {
  const { ng, f1, e1 } = of(round);
  const [asked] = ofE1(e1, 'BearerContextSetupRequest');
  const [opened] = ofE1(e1, 'BearerContextSetupResponse');
  const [wanted] = ofF1(f1, 'UEContextModificationRequest');
  const [done] = ofF1(f1, 'UEContextModificationResponse');
  if (asked === undefined || opened === undefined || wanted === undefined || done === undefined)
    return unseen('no bearer was set up on E1 and F1');
  const { 'System-BearerContextSetupRequest': system } = asked.message.ies;
  const [listed] = system === undefined ? [] : (sessionsToSetup(system) ?? []);
  const [session] = tunnelsSetUp(opened.message.ies['System-BearerContextSetupResponse']);
  const [drb] = unwrapItems('DRBs-ToBeSetupMod-Item', wanted.message.ies['DRBs-ToBeSetupMod-List']);
  const [cell] = downlinkTunnels(unwrapItems('DRBs-SetupMod-Item', done.message.ies['DRBs-SetupMod-List']));
  const passed: readonly Passed[] = [
    ...passedOnNg(ng, tunnelOf(listed?.['nG-UL-UP-TNL-Information']), session?.downlink),
    {
      what: 'of the O-CU-UP on F1',
      given: session?.uplinks.get(Number(drb?.dRBID)),
      told: tunnelOf(drb?.['uLUPTNLInformation-ToBeSetup-List'][0]?.uLUPTNLInformation),
    },
    { what: 'of the O-DU', given: cell?.downlink, told: downlinkTold(e1) },
  ];
  const wrong = passed.find(({ given, told }) => given?.host !== told?.host || given?.teid !== told?.teid);
  const shownBy = [asked, opened, wanted, done].map(({ n }) => n);
  if (wrong === undefined) return holds(`${passed.length} tunnels were told as they were given`, ...shownBy);
  const saw = `the tunnel ${wrong.what} is ${textOf(wrong.given)}; told was ${textOf(wrong.told)}`;
  return { ...broken(saw, ...shownBy), side: CU_CP };
}

/** Both ends of N3, as far as NG named them in messages of their own. */
function passedOnNg(ng: NgPdus, toldUp: Tunnel | null, givenDown: Tunnel | undefined): readonly Passed[] {
  const [core] = ofNg(ng, 'PDUSessionResourceSetupRequest');
  const [node] = ofNg(ng, 'PDUSessionResourceSetupResponse');
  const [item] = core?.message.ies.PDUSessionResourceSetupListSUReq ?? [];
  const [answer] = node?.message.ies.PDUSessionResourceSetupListSURes ?? [];
  if (item === undefined || answer === undefined) return [];
  const transfer = setupIesIn(item.pDUSessionResourceSetupRequestTransfer);
  return [
    { what: 'of the UPF', given: tunnelEndIn(transfer['UL-NGU-UP-TNLInformation']), told: toldUp },
    {
      what: 'of the O-CU-UP on N3',
      given: givenDown,
      told: responseEndIn(answer.pDUSessionResourceSetupResponseTransfer),
    },
  ];
}

function downlinkTold(e1: E1Pdus): Tunnel | null {
  for (const { message } of ofE1(e1, 'BearerContextModificationRequest')) {
    const { 'PDU-Session-Resource-To-Modify-List': sessions = [] } = modificationsIn(
      message.ies['System-BearerContextModificationRequest'],
    );
    const [drb] = sessions.flatMap((each) => each['dRB-To-Modify-List-NG-RAN'] ?? []);
    const tunnel = tunnelOf(drb?.['dL-UP-Parameters']?.[0]?.['uP-TNL-Information']);
    if (tunnel !== null) return tunnel;
  }
  return null;
}

function textOf(tunnel: Tunnel | null | undefined): string {
  return tunnel === null || tunnel === undefined ? 'none' : `${tunnel.host} ${tunnel.teid.toString(16)}`;
}

/** The keys for user data are those that follow from what the core gave. @see TS 33.501 clause A.8 */
export function judgeKeys(round: SeenRound): Finding {
  const { ng, e1 } = of(round);
  const [context] = ofNg(ng, 'InitialContextSetupRequest');
  const [bearers] = ofE1(e1, 'BearerContextSetupRequest');
  if (context === undefined || bearers === undefined) return unseen('no bearer was asked for');
  const { SecurityInformation } = bearers.message.ies;
  const kgnb = context.message.ies.SecurityKey?.bits;
  if (SecurityInformation === undefined || kgnb === undefined) return unseen('no keys were given');
  const { securityAlgorithm, uPSecuritykey } = SecurityInformation;
  const ciphering = algorithmOf(securityAlgorithm.cipheringAlgorithm, CIPHERINGS);
  const integrity = algorithmOf(securityAlgorithm.integrityProtectionAlgorithm ?? 'nIA0', INTEGRITIES);
  const shownBy = [context.n, bearers.n];
  if (ciphering === null || integrity === null) return unseen('algorithms that have no keys of 128 bits');
  const { userPlane } = asKeys(kgnb, { ciphering, integrity });
  const { encryptionKey, integrityProtectionKey: given } = uPSecuritykey;
  const isRight =
    isSame(encryptionKey, userPlane.ciphering.key) &&
    (given === undefined || isSame(given, userPlane.integrity.key));
  return isRight
    ? holds('the keys for user data follow from K_gNB', ...shownBy)
    : { ...broken('the keys for user data do not follow from K_gNB', ...shownBy), side: CU_CP };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at]);
}

/** Neither NAS nor RRC goes without integrity. @see TS 33.501 clauses 5.3.3, 5.5.2 */
export function judgeProtection(round: SeenRound): Finding {
  const { ng, f1 } = of(round);
  for (const { n, message } of ofNg(ng, 'DownlinkNASTransport')) {
    const algorithm = nasIntegrityIn(message.ies['NAS-PDU'] ?? new Uint8Array());
    if (algorithm === 0) return { ...broken('NAS goes without integrity: NIA0', n), side: CORE };
  }
  const [setup] = ofF1(f1, 'UEContextSetupRequest');
  const chosen = setup === undefined ? null : rrcIntegrityIn(setup.message.ies.RRCContainer);
  if (setup === undefined || chosen === null) return unseen('no SECURITY MODE COMMAND of RRC went by');
  return chosen === 'nia0'
    ? { ...broken('RRC goes without integrity: NIA0', setup.n), side: CU_CP }
    : holds(`RRC is protected by ${chosen.toUpperCase()}`, setup.n);
}

/** Of a SECURITY MODE COMMAND; `null` of anything else. */
function nasIntegrityIn(nas: Uint8Array): number | null {
  const head = readProtected(nas);
  if (head?.protection !== 'newContextIntegrity') return null;
  const { message } = decodeNas(head.contents);
  if (message?.name !== 'SecurityModeCommand' || message.ies.algorithms === undefined) return null;
  return decodeAlgorithms(message.ies.algorithms).integrity;
}

function rrcIntegrityIn(container: Uint8Array | undefined): string | null {
  const data = container === undefined ? null : dataOf('srb', container);
  if (data === null || data === 'control') return null;
  const read = readRrc('dlDcch', data.contents.subarray(0, -MAC_OCTETS));
  if (!read.ok || read.value.name !== 'securityModeCommand') return null;
  return read.value.contents.securityConfigSMC.securityAlgorithmConfig.integrityProtAlgorithm ?? null;
}
