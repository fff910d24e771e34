import type { Echo } from '../capture/echo.ts';

/** A packet of ESP that passed on a segment. */
export interface EspPacket {
  /** Address of the gateway that it is for. */
  readonly to: string;
  readonly spi: number;
  readonly sequence: number;
  /** Its last four octets, those of the check value: they tell it from others with the same number. */
  readonly mark: number;
  readonly linkType: number;
  /** In which it was carried. */
  readonly frame: Uint8Array;
}

/** Packets that are alike, by the association that most of them are of. */
export interface Alike {
  readonly packets: readonly EspPacket[];
  /** How many sequence numbers they have: fewer than packets when their sender does not count on. */
  readonly numbers: number;
}

/** Of one gateway; older ones are forgotten. */
const MAX_KEPT = 4_096;

/** What passed to a gateway in ESP, and to which pings it answered, kept so that it can be said again. Nothing in it can be read: packets are told apart by their lengths. */
export class EspHistory {
  readonly #gateway: string;
  readonly #pings = new Set<string>();
  readonly #heard = new Map<string, { readonly packet: EspPacket; times: number }>();

  /** @param gateway its address, in the form of `ipText` */
  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  add(packet: EspPacket): void {
    if (packet.to !== this.#gateway) return;
    const key = keyOf(packet);
    const known = this.#heard.get(key);
    if (known !== undefined) {
      known.times += 1;
      return;
    }
    const [oldest] = this.#heard.size < MAX_KEPT ? [] : this.#heard.keys();
    if (oldest !== undefined) this.#heard.delete(oldest);
    this.#heard.set(key, { packet, times: 1 });
  }

  addEcho({ isAnswer, from, said }: Echo): void {
    if (isAnswer && from === this.#gateway && this.#pings.size < MAX_KEPT) this.#pings.add(textOf(said));
  }

  /** Whether the gateway has answered a ping that said this. */
  hasAnswered(said: Uint8Array): boolean {
    return this.#pings.has(textOf(said));
  }

  /** Forgets everything. */
  clear(): void {
    this.#heard.clear();
    this.#pings.clear();
  }

  /** The most packets of one association and one length, in the order in which they passed first. */
  alike(): Alike {
    const groups = new Map<string, EspPacket[]>();
    for (const { packet } of this.#heard.values()) {
      const key = `${packet.spi} ${packet.linkType} ${packet.frame.length}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [packet]);
      else group.push(packet);
    }
    const [packets = []] = [...groups.values()].sort((a, b) => b.length - a.length);
    return { packets, numbers: new Set(packets.map(({ sequence }) => sequence)).size };
  }

  /** How often it has passed. */
  timesOf(packet: EspPacket): number {
    return this.#heard.get(keyOf(packet))?.times ?? 0;
  }
}

function textOf(said: Uint8Array): string {
  return Buffer.from(said).toString('hex');
}

function keyOf({ spi, sequence, mark }: EspPacket): string {
  return `${spi} ${sequence} ${mark}`;
}
