import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { bitsOf } from '../ap/values.ts';
import { type BearerEnds, bearerEnds, SignallingBearers } from './bearers.ts';
import { readRrc, type RrcContents, type RrcMessage, type RrcName, writeRrc } from './messages.ts';
import { algorithmOf, asKeys, type AsKeys, CIPHERINGS, INTEGRITIES } from './security.ts';

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

export type RrcUeState = 'idle' | 'asking' | 'connected';

/** Why a UE wants a connection. */
export interface ConnectionReason {
  readonly cause: 'mo-Signalling' | 'mo-Data' | 'mt-Access';
  readonly sTmsi: { readonly set: number; readonly pointer: number; readonly tmsi: Uint8Array } | null;
  /** What NAS wants to say first. */
  readonly nas: Uint8Array;
}

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
    const { cause, sTmsi } = reason;
    const { randomValue = 1n } = this.#options;
    const octets = writeRrc('ulCcch', 'rrcSetupRequest', {
      contents: {
        'ue-Identity':
          sTmsi === null
            ? { randomValue: bitsOf(randomValue, 39) }
            : { 'ng-5G-S-TMSI-Part1': bitsOf(sTmsiOf(sTmsi) & 0x7f_ffff_ffffn, 39) },
        establishmentCause: cause,
        spare: bitsOf(0, 1),
      },
    });
    return { srb: 0, octets };
  }

  /** NAS within the connection. */
  nas(octets: Uint8Array): UplinkRrc {
    const contents = { 'dedicatedNAS-Message': octets };
    return this.#dedicated(this.#bearers.has(2) ? 2 : 1, 'ulInformationTransfer', { contents });
  }

  /** On SRB0: the set-up of a connection, or its refusal. */
  receiveCommon(octets: Uint8Array): Result<RrcReaction, string> {
    const read = readRrc('dlCcch', octets);
    if (!read.ok) return read;
    const { name, transaction } = read.value;
    const reason = this.#reason;
    if (name === 'rrcReject' || reason === null || this.#state !== 'asking') {
      if (name === 'rrcReject') this.release();
      return ok({ message: name, answers: [], nas: [] });
    }
    this.#state = 'connected';
    this.#bearers.ends(1);
    const part2 = reason.sTmsi === null ? null : sTmsiOf(reason.sTmsi) >> 39n;
    const contents = {
      'selectedPLMN-Identity': 1,
      'dedicatedNAS-Message': reason.nas,
      ...(part2 === null ? {} : { 'ng-5G-S-TMSI-Value': { 'ng-5G-S-TMSI-Part2': bitsOf(part2, 9) } }),
    };
    const complete = this.#dedicated(1, 'rrcSetupComplete', { transaction: transaction ?? 0, contents });
    return ok({ message: 'rrcSetup', answers: [complete], nas: [] });
  }

  /** On SRB1 or SRB2. */
  receive(srb: number, pdu: Uint8Array): Result<RrcReaction, string> {
    if (!this.#bearers.has(srb)) return err(`there is no SRB${srb}`);
    const received = this.#bearers.ends(srb).receiver.receive(pdu);
    if (!received.ok) return err(received.error.text);
    const read = readRrc('dlDcch', received.value.sdu);
    if (!read.ok) return read;
    if (read.value.name === 'securityModeCommand')
      return this.#secure(read.value, { pdu, count: received.value.count });
    return ok(this.#take(read.value));
  }

  /** The connection is gone, with its bearers and keys. */
  release(): void {
    this.#bearers = new SignallingBearers('uplink');
    this.drbs.clear();
    this.#keys = null;
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
    const keys =
      kgnb === null || ciphering === null || integrity === null || isNull
        ? null
        : asKeys(kgnb, { ciphering, integrity });
    if (keys === null || !this.#bearers.ends(1).receiver.isBy(keys.rrc.integrity, pdu, count)) {
      const failure = this.#dedicated(1, 'securityModeFailure', answering);
      return ok({ message: 'securityModeCommand', answers: [failure], nas: [] });
    }
    this.#keys = keys;
    this.#bearers.secureReceiving(keys.rrc);
    this.#bearers.secureSending({ integrity: keys.rrc.integrity });
    const complete = this.#dedicated(1, 'securityModeComplete', answering);
    this.#bearers.secureSending(keys.rrc);
    return ok({ message: 'securityModeCommand', answers: [complete], nas: [] });
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

/** 48 bits: AMF set, AMF pointer, 5G-TMSI. @see TS 23.003 clause 2.11 */
function sTmsiOf({ set, pointer, tmsi }: NonNullable<ConnectionReason['sTmsi']>): bigint {
  let low = 0n;
  for (const octet of tmsi) low = (low << 8n) | BigInt(octet);
  return (BigInt(set) << 38n) | (BigInt(pointer) << 32n) | low;
}
