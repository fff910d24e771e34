import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { type BearerEnds, bearerEnds, SignallingBearers } from './bearers.ts';
import { readRrc, type RrcContents, type RrcMessage, type RrcName, writeRrc } from './messages.ts';
import { kgnbStarOf } from '../aka/keys.ts';
import {
  algorithmOf,
  type AsAlgorithms,
  asKeys,
  type AsKeys,
  CIPHERINGS,
  INTEGRITIES,
  type KeyedCell,
} from './security.ts';
import type { LostConnection } from './short-mac.ts';
import {
  type ConnectionReason,
  reestablishmentRequest,
  setupCompleted,
  setupRequest,
} from './ue-requests.ts';

/** What a UE has to say, on a signalling bearer: of SRB0 it is RRC as it is, of the others in PDUs of PDCP. */
export interface UplinkRrc {
  readonly srb: 0 | 1 | 2;
  readonly octets: Uint8Array;
}

/** What came of a message of the network. */
export interface RrcReaction {
  readonly message: RrcMessage<'dlDcch'>['name'] | 'rrcSetup' | 'rrcReject';
  readonly answers: readonly UplinkRrc[];
  /** For NAS, in this order. */
  readonly nas: readonly Uint8Array[];
}

export type RrcUeState = 'idle' | 'asking' | 'askingAgain' | 'connected';

export interface UeBearer extends BearerEnds {
  readonly session: number;
  readonly qfis: readonly number[];
}

export interface UeSideOptions {
  /** K_gNB as NAS knows it. */
  readonly kgnb: () => Uint8Array | null;
  /** Null integrity is for emergency calls only; default false. */
  readonly acceptsNullIntegrity?: boolean;
  /** 39 bits; of a UE that has no temporary identity. */
  readonly randomValue?: bigint;
}

/** What a UE has of RRC in a cell. Nothing is sent and no time passes here. @see TS 38.331 clause 5.3 */
export class RrcUeSide {
  readonly #options: UeSideOptions;
  #bearers = new SignallingBearers('uplink');
  #reason: ConnectionReason | null = null;
  #keys: AsKeys | null = null;
  /** What the keys are of, and for which algorithms. */
  #root: { readonly kgnb: Uint8Array; readonly algorithms: AsAlgorithms } | null = null;
  /** Where it asks for its connection back. */
  #cell: KeyedCell | null = null;
  #state: RrcUeState = 'idle';
  readonly drbs = new Map<number, UeBearer>();

  constructor(options: UeSideOptions) {
    this.#options = options;
  }

  get state(): RrcUeState {
    return this.#state;
  }

  get isSecured(): boolean {
    return this.#keys !== null;
  }

  /** The algorithm that protects RRC; `null` as long as there is none. */
  get integrity(): number | null {
    return this.#keys?.rrc.integrity.algorithm ?? null;
  }

  connect(reason: ConnectionReason): UplinkRrc {
    this.release();
    this.#reason = reason;
    this.#state = 'asking';
    const { randomValue = 1n } = this.#options;
    return { srb: 0, octets: setupRequest(reason, randomValue) };
  }

  /**
   * The radio link failed: the UE asks for its connection back, in this cell.
   * @returns null when there is no security: then there is nothing to have back
   * @see TS 38.331 clause 5.3.7
   */
  reestablish(lost: LostConnection, cell: KeyedCell): UplinkRrc | null {
    if (this.#keys === null) return null;
    const octets = reestablishmentRequest(lost, this.#keys.rrc.integrity);
    this.#cell = cell;
    this.#state = 'askingAgain';
    this.#bearers = new SignallingBearers('uplink');
    this.#bearers.ends(1);
    return { srb: 0, octets };
  }

  /** The cell for which keys are made when a handover changes them. */
  goesTo(cell: KeyedCell): void {
    this.#cell = cell;
  }

  /** NAS within the connection. */
  nas(octets: Uint8Array): UplinkRrc {
    const contents = { 'dedicatedNAS-Message': octets };
    return this.#dedicated(this.#bearers.has(2) ? 2 : 1, 'ulInformationTransfer', { contents });
  }

  /** What the UE has measured, on SRB1. */
  measured(measResults: RrcContents<'ulDcch', 'measurementReport'>['measResults']): UplinkRrc {
    return this.#dedicated(1, 'measurementReport', { contents: { measResults } });
  }

  /** On SRB0: the set-up of a connection, or its refusal. */
  receiveCommon(octets: Uint8Array): Result<RrcReaction, string> {
    const read = readRrc('dlCcch', octets);
    if (!read.ok) return read;
    const { name, transaction } = read.value;
    const reason = this.#reason;
    const isAsking = this.#state === 'asking' || this.#state === 'askingAgain';
    if (name === 'rrcReject' || reason === null || !isAsking) {
      if (name === 'rrcReject') this.release();
      return ok({ message: name, answers: [], nas: [] });
    }
    this.release();
    this.#reason = reason;
    this.#state = 'connected';
    this.#bearers.ends(1);
    const completing = { transaction: transaction ?? 0, contents: setupCompleted(reason) };
    const complete = this.#dedicated(1, 'rrcSetupComplete', completing);
    return ok({ message: 'rrcSetup', answers: [complete], nas: [] });
  }

  /** On SRB1 or SRB2. */
  receive(srb: number, pdu: Uint8Array): Result<RrcReaction, string> {
    if (!this.#bearers.has(srb)) return err(`there is no SRB${srb}`);
    const received = this.#bearers.ends(srb).receiver.receive(pdu);
    if (!received.ok) return err(received.error.text);
    const read = readRrc('dlDcch', received.value.sdu);
    if (!read.ok) return read;
    const seen = { pdu, count: received.value.count };
    if (read.value.name === 'securityModeCommand') return this.#secure(read.value, seen);
    if (this.#state === 'askingAgain') return this.#restart(read.value, seen);
    return ok(this.#take(read.value));
  }

  /** The connection is gone, with its bearers and keys. */
  release(): void {
    this.#bearers = new SignallingBearers('uplink');
    this.drbs.clear();
    this.#keys = null;
    this.#root = null;
    this.#reason = null;
    this.#state = 'idle';
  }

  #take(message: RrcMessage<'dlDcch'>): RrcReaction {
    const transaction = message.transaction ?? 0;
    const { name } = message;
    switch (message.name) {
      case 'dlInformationTransfer': {
        const nas = message.contents['dedicatedNAS-Message'];
        return { message: name, answers: [], nas: nas === undefined ? [] : [nas] };
      }
      case 'rrcReconfiguration': {
        if (message.contents.nonCriticalExtension?.masterKeyUpdate !== undefined) this.#newKeys();
        const nas = this.#reconfigure(message.contents);
        const answer = this.#dedicated(1, 'rrcReconfigurationComplete', { transaction, contents: {} });
        return { message: name, answers: [answer], nas };
      }
      case 'ueCapabilityEnquiry': {
        const contents = { 'ue-CapabilityRAT-ContainerList': [] };
        const answer = this.#dedicated(1, 'ueCapabilityInformation', { transaction, contents });
        return { message: name, answers: [answer], nas: [] };
      }
      case 'rrcRelease':
        this.release();
        return { message: name, answers: [], nas: [] };
      default:
        return { message: name, answers: [], nas: [] };
    }
  }

  /** @see TS 38.331 clause 5.3.4.3 */
  #secure(
    { contents, transaction }: Extract<RrcMessage<'dlDcch'>, { readonly name: 'securityModeCommand' }>,
    { pdu, count }: { readonly pdu: Uint8Array; readonly count: number },
  ): Result<RrcReaction, string> {
    const { cipheringAlgorithm, integrityProtAlgorithm } = contents.securityConfigSMC.securityAlgorithmConfig;
    const ciphering = algorithmOf(cipheringAlgorithm, CIPHERINGS);
    const integrity = algorithmOf(integrityProtAlgorithm, INTEGRITIES);
    const kgnb = this.#options.kgnb();
    const answering = { transaction: transaction ?? 0, contents: {} };
    const isNull = integrity === 0 && this.#options.acceptsNullIntegrity !== true;
    const root =
      kgnb === null || ciphering === null || integrity === null || isNull
        ? null
        : { kgnb, algorithms: { ciphering, integrity } };
    const keys = root === null ? null : asKeys(root.kgnb, root.algorithms);
    if (keys === null || !this.#bearers.ends(1).receiver.isBy(keys.rrc.integrity, pdu, count)) {
      const failure = this.#dedicated(1, 'securityModeFailure', answering);
      return ok({ message: 'securityModeCommand', answers: [failure], nas: [] });
    }
    this.#keys = keys;
    this.#root = root;
    this.#bearers.secureReceiving(keys.rrc);
    this.#bearers.secureSending({ integrity: keys.rrc.integrity });
    const complete = this.#dedicated(1, 'securityModeComplete', answering);
    this.#bearers.secureSending(keys.rrc);
    return ok({ message: 'securityModeCommand', answers: [complete], nas: [] });
  }

  /** Keys for the cell, of those that there were; the bearers go on once a reconfiguration says so. @see clause 5.3.7.5 */
  #restart(
    { name, contents, transaction }: RrcMessage<'dlDcch'>,
    { pdu, count }: { readonly pdu: Uint8Array; readonly count: number },
  ): Result<RrcReaction, string> {
    if (name !== 'rrcReestablishment' || this.#root === null || this.#cell === null)
      return err(`${name} instead of an RRC REESTABLISHMENT`);
    // Of a chain that has gone on only the core network could tell: no handover has been there.
    if (contents.nextHopChainingCount !== 0)
      return err(`NCC ${contents.nextHopChainingCount}, of which the UE has no next hop`);
    const kgnb = kgnbStarOf(this.#root.kgnb, this.#cell);
    const keys = asKeys(kgnb, this.#root.algorithms);
    if (!this.#bearers.ends(1).receiver.isBy(keys.rrc.integrity, pdu, count)) {
      this.release();
      return err('the MAC-I of the RRC REESTABLISHMENT is wrong');
    }
    this.#keys = keys;
    this.#root = { ...this.#root, kgnb };
    this.#state = 'connected';
    this.#bearers.secureReceiving(keys.rrc);
    this.#bearers.secureSending(keys.rrc);
    const answering = { transaction: transaction ?? 0, contents: {} };
    const complete = this.#dedicated(1, 'rrcReestablishmentComplete', answering);
    return ok({ message: name, answers: [complete], nas: [] });
  }

  #reconfigure(contents: RrcContents<'dlDcch', 'rrcReconfiguration'>): readonly Uint8Array[] {
    const { radioBearerConfig = {}, nonCriticalExtension = {} } = contents;
    const { 'srb-ToAddModList': srbs = [], 'drb-ToAddModList': drbs = [] } = radioBearerConfig;
    for (const { 'srb-Identity': srb } of srbs) this.#bearers.ends(srb);
    for (const drb of drbs) this.#addDrb(drb);
    for (const drb of radioBearerConfig['drb-ToReleaseList'] ?? []) this.drbs.delete(drb);
    return nonCriticalExtension['dedicatedNAS-MessageList'] ?? [];
  }

  #addDrb(wanted: DrbToAdd): void {
    const { 'drb-Identity': drb, 'pdcp-Config': pdcp, cnAssociation } = wanted;
    const known = this.drbs.get(drb);
    const sdap =
      cnAssociation !== undefined && 'sdap-Config' in cnAssociation
        ? cnAssociation['sdap-Config']
        : undefined;
    const about = {
      session: sdap?.['pdu-Session'] ?? known?.session ?? 0,
      qfis: sdap?.['mappedQoS-FlowsToAdd'] ?? known?.qfis ?? [],
    };
    if (known !== undefined) {
      this.drbs.set(drb, { ...known, ...about });
      if (wanted.reestablishPDCP !== undefined) this.#secureAgain(known);
      return;
    }
    const kind = pdcp?.drb?.['pdcp-SN-SizeUL'] === 'len12bits' ? 'drb12' : 'drb18';
    const ends = bearerEnds({ kind, bearer: drb, sends: 'uplink' });
    const { ciphering = null, integrity = null } = this.#keys?.userPlane ?? {};
    const isProtected = pdcp?.drb?.integrityProtection === 'enabled';
    const security = { ciphering, integrity: isProtected ? integrity : null };
    ends.sender.security = security;
    ends.receiver.security = security;
    this.drbs.set(drb, { ...ends, ...about });
  }

  /** A handover makes keys for the cell to which the UE goes. @see TS 38.331 clause 5.3.5.7 */
  #newKeys(): void {
    if (this.#root === null || this.#cell === null) return;
    const kgnb = kgnbStarOf(this.#root.kgnb, this.#cell);
    this.#root = { ...this.#root, kgnb };
    this.#keys = asKeys(kgnb, this.#root.algorithms);
    const srbs = ([1, 2] as const).filter((srb) => this.#bearers.has(srb));
    this.#bearers = new SignallingBearers('uplink');
    this.#bearers.secureReceiving(this.#keys.rrc);
    this.#bearers.secureSending(this.#keys.rrc);
    for (const srb of srbs) this.#bearers.ends(srb);
  }

  /** PDCP in acknowledged mode goes on with its numbers, under the keys that there are now. @see TS 38.323 clause 5.1.2 */
  #secureAgain({ sender, receiver }: BearerEnds): void {
    const { ciphering = null, integrity = null } = this.#keys?.userPlane ?? {};
    const security = { ciphering, integrity: sender.security.integrity === null ? null : integrity };
    sender.security = security;
    receiver.security = security;
  }

  #dedicated<Name extends RrcName<'ulDcch'>>(
    srb: 1 | 2,
    name: Name,
    message: { readonly transaction?: number; readonly contents: RrcContents<'ulDcch', Name> },
  ): UplinkRrc {
    return { srb, octets: this.#bearers.ends(srb).sender.protect(writeRrc('ulDcch', name, message)) };
  }
}

type DrbToAdd = NonNullable<
  NonNullable<RrcContents<'dlDcch', 'rrcReconfiguration'>['radioBearerConfig']>['drb-ToAddModList']
>[number];
