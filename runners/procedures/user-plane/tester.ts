import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import type { GtpuEntity, SentPacket, TunnelledPacket } from '../../interfaces/gtpu/entity.ts';
import { GTPU_PORT } from '../../interfaces/gtpu/packet.ts';
import { openGtpu } from '../../simulators/ap/gtpu.ts';
import type { Bench } from '../procedure.ts';

/** Kind of an observation of packets of users that went one way. */
export const USER_DATA = 'user-data';

const POLL_MS = 5;

/** What one way of a bearer came to. */
export interface WayData {
  readonly way: 'uplink' | 'downlink';
  readonly sent: number;
  /** Came out as they went in, where they should. */
  readonly arrived: number;
  /** What was wrong with others, the first few. */
  readonly wrong: readonly string[];
}

const MOST_WRONG = 5;

/** The tester's end of the tunnels of a product: that of a UPF, of a gNB-CU-UP or of a gNB-DU. */
export class TesterUserPlane implements AsyncDisposable {
  readonly host: string;
  readonly #gtpu: GtpuEntity;
  #next = 0x5000;

  private constructor(gtpu: GtpuEntity, host: string) {
    this.#gtpu = gtpu;
    this.host = host;
  }

  /** @param ownHost an address of ours that the product can reach; default: a free one of 127.0.0.0/8 */
  static async open(bench: Bench, interfaceName: string): Promise<TesterUserPlane> {
    const ownHost = bench.subjects[0]?.ixit['gtpu.testerHost'];
    const { gtpu, host } = await openGtpu(typeof ownHost === 'string' ? ownHost : null);
    bench.transport(interfaceName, 'gtp-u');
    return new TesterUserPlane(gtpu, host);
  }

  /** A tunnel of ours. */
  open(take: (packet: TunnelledPacket) => void): Tunnel {
    this.#next += 1;
    this.#gtpu.openTunnel(this.#next, take);
    return { host: this.host, teid: this.#next };
  }

  send({ host, teid }: Tunnel, packet: Omit<SentPacket, 'teid'>): Promise<void> {
    return this.#gtpu.send({ host, port: GTPU_PORT }, { teid, ...packet });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gtpu[Symbol.asyncDispose]();
  }
}

/** Counts what arrives of what is sent one way. */
export class WayCount {
  readonly #way: WayData['way'];
  readonly #wanted = new Set<string>();
  readonly #wrong: string[] = [];
  #sent = 0;
  #arrived = 0;

  constructor(way: WayData['way']) {
    this.#way = way;
  }

  sent(packet: Uint8Array): void {
    this.#sent += 1;
    this.#wanted.add(Buffer.from(packet).toString('hex'));
  }

  arrived(packet: Uint8Array): void {
    if (this.#wanted.delete(Buffer.from(packet).toString('hex'))) this.#arrived += 1;
    else this.wrong('a packet that nobody had sent');
  }

  wrong(text: string): void {
    if (this.#wrong.length < MOST_WRONG) this.#wrong.push(text);
  }

  get data(): WayData {
    return { way: this.#way, sent: this.#sent, arrived: this.#arrived, wrong: this.#wrong };
  }

  /** Until all has arrived, or the time is over. */
  async settled(withinMs: number): Promise<void> {
    for (const end = performance.now() + withinMs; this.#wanted.size > 0 && performance.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
