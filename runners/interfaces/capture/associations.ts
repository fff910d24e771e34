import type { Chunk, InitChunk } from '../sctp/chunks.ts';
import { CHUNK } from '../sctp/chunks.ts';
import { readChunk } from '../sctp/packet-reader.ts';
import { eachChunk, type SctpSpan } from './captured-packet.ts';
import { readUserData } from './data-chunk.ts';
import { type EndPoint, endPointText } from './end-point.ts';
import { Flow, type FlowMessage, type FlowShare } from './flow.ts';
import { Limited } from './limited.ts';
import { PeerNames } from './peer-names.ts';
import { type Addressed, Routes } from './routes.ts';
import { word32 } from './words.ts';

export interface Association {
  /** Counts up from 1 in the file. */
  readonly number: number;
  /** The capture does not have its beginning. */
  readonly inMiddle: boolean;
  readonly ends: readonly [EndPoint, EndPoint];
  /** By the end that sends. */
  readonly flows: readonly [Flow, Flow];
}

/** What a direction and a tag lead to. */
interface Way {
  readonly association: Association;
  readonly sender: 0 | 1;
}

/** An INIT and its answer: an association, as soon as either tag is used. */
interface Opening {
  readonly ends: Association['ends'];
  readonly init: InitChunk;
  readonly answer: InitChunk;
}

/** Where a packet goes, and what it says of the association. */
interface Heading {
  readonly from: EndPoint;
  readonly to: EndPoint;
  readonly forth: string;
  readonly back: string;
  readonly tag: number;
}

/** A packet of SCTP that its receiver takes. */
export interface TakenPacket extends SctpSpan, Addressed {
  /** It has nothing in it of how associations begin and end. */
  readonly isPlain: boolean;
  /** Made only when nobody knows yet where it belongs. */
  readonly ends: () => readonly [EndPoint, EndPoint];
}

export interface AssociationEvents {
  readonly message: (association: Association, sender: 0 | 1, message: FlowMessage) => void;
  /** It has ended, by either end's word, or another one began between its ends. */
  readonly ended: (association: Association) => void;
}

const MAX_ASSOCIATIONS = 4_096;
/** Without blocks and duplicates. */
const SACK_BYTES = 16;

/**
 * Sorts packets by association and direction. Those of an association carry the tag that their receiver has chosen: so a new
 * association between the same two ends is another one, and what carries a strange tag gets into none that is known.
 */
export class Associations {
  readonly #share: FlowShare;
  readonly #events: AssociationEvents;
  readonly #names = new PeerNames();
  readonly #routes = new Routes<Way>();
  /** By direction and tag, like all that follows. */
  readonly #ways = new Limited<Way>(2 * MAX_ASSOCIATIONS);
  readonly #inits = new Limited<InitChunk>(MAX_ASSOCIATIONS);
  readonly #openings = new Limited<Opening>(2 * MAX_ASSOCIATIONS);
  /** Joined in the middle, by the direction of the first packet, until the other direction shows its tag. */
  readonly #joined = new Limited<Association>(MAX_ASSOCIATIONS);
  readonly #live = new Limited<Association>(MAX_ASSOCIATIONS);
  /** The latest one between two ends, by both. */
  readonly #between = new Limited<Association>(MAX_ASSOCIATIONS);
  #count = 0;

  constructor(share: FlowShare, events: AssociationEvents) {
    this.#share = share;
    this.#events = events;
  }

  get count(): number {
    return this.#count;
  }

  /** Gives on what receivers can have with this packet. */
  packet(packet: TakenPacket): void {
    const known = packet.isPlain ? this.#routes.get(packet) : undefined;
    const heading = known === undefined ? this.#headingOf(packet) : undefined;
    eachChunk(packet, (at, length) => {
      const way = known ?? (heading === undefined ? undefined : this.#plainWay(packet, heading, at));
      if (way !== undefined) takePlain(packet.bytes, { at, length }, way);
      else if (heading !== undefined) this.#take(readChunk(packet.bytes.subarray(at, at + length)), heading);
    });
  }

  /** The file has ended. */
  end(): void {
    for (const association of this.#live.values()) this.#close(association);
  }

  #headingOf({ ends, bytes, sctpAt }: TakenPacket): Heading {
    const [one, other] = ends();
    const [from, to] = [this.#names.nameOf(one), this.#names.nameOf(other)];
    const [a, b] = [endPointText(from), endPointText(to)];
    return { from, to, tag: word32(bytes, sctpAt + 4), forth: `${a} ${b}`, back: `${b} ${a}` };
  }

  /** Of a chunk that is about what is said, not about how it is begun and ended. */
  #plainWay(packet: TakenPacket, heading: Heading, at: number): Way | undefined {
    const type = packet.bytes[at] ?? 0;
    if (type !== CHUNK.data && type !== CHUNK.iData && type !== CHUNK.sack) return undefined;
    const way = this.#wayOf(heading) ?? this.#join(heading);
    this.#routes.set(packet, way);
    return way;
  }

  #take(chunk: Chunk, heading: Heading): void {
    switch (chunk.kind) {
      case 'init':
        this.#routes.clear();
        this.#names.learn(heading.from, chunk);
        this.#inits.set(`${heading.forth} ${chunk.tag}`, chunk);
        break;
      case 'initAck':
        this.#answered(chunk, heading);
        break;
      case 'shutdown': {
        const { association, sender } = this.#wayOf(heading) ?? this.#join(heading);
        association.flows[sender === 0 ? 1 : 0].acknowledged(chunk.cumulativeTsn);
        break;
      }
      case 'abort':
      case 'shutdownComplete':
        this.#ended(chunk.reflected ? { ...heading, forth: heading.back } : heading);
        break;
      default:
        // Whatever is sent with the tags of an opening makes it an association.
        this.#wayOf(heading);
    }
  }

  #ended(heading: Pick<Heading, 'forth' | 'tag'>): void {
    const way = this.#wayOf(heading);
    if (way !== undefined) this.#close(way.association);
  }

  #answered(answer: InitChunk, { from, to, forth, back, tag }: Heading): void {
    const init = this.#inits.get(`${back} ${tag}`);
    if (init === undefined) return;
    this.#routes.clear();
    this.#names.learn(from, answer);
    const opening: Opening = { ends: [to, from], init, answer };
    this.#openings.set(`${back} ${answer.tag}`, opening);
    this.#openings.set(`${forth} ${tag}`, opening);
  }

  #wayOf({ forth, tag }: Pick<Heading, 'forth' | 'tag'>): Way | undefined {
    const key = `${forth} ${tag}`;
    const opening = this.#ways.get(key) === undefined ? this.#openings.get(key) : undefined;
    if (opening !== undefined) this.#open(opening);
    return this.#ways.get(key);
  }

  #open({ ends, init, answer }: Opening): void {
    const [a, b] = [endPointText(ends[0]), endPointText(ends[1])];
    // Whoever opens anew, between the same ends, has lost the one before.
    const before = this.#between.get(pairText(ends));
    if (before !== undefined) this.#close(before);
    const association = this.#begin({ ends, tsns: [init.tsn, answer.tsn], inMiddle: false });
    const ways = [
      [`${a} ${b} ${answer.tag}`, 0],
      [`${b} ${a} ${init.tag}`, 1],
    ] as const;
    for (const [key, sender] of ways) {
      this.#openings.delete(key);
      this.#ways.set(key, { association, sender });
    }
  }

  /** The capture does not have the opening: each direction shows its tag by its first packet. */
  #join({ from, to, forth, back, tag }: Heading): Way {
    const joined = this.#joined.get(back);
    this.#joined.delete(back);
    const association = joined ?? this.#begin({ ends: [from, to], tsns: [], inMiddle: true });
    const sender = joined === undefined ? 0 : 1;
    if (joined === undefined) this.#joined.set(forth, association);
    const way = { association, sender } as const;
    this.#ways.set(`${forth} ${tag}`, way);
    return way;
  }

  #begin({
    ends,
    tsns,
    inMiddle,
  }: Pick<Association, 'ends' | 'inMiddle'> & { readonly tsns: readonly number[] }): Association {
    this.#count += 1;
    this.#routes.clear();
    const flow = (sender: 0 | 1): Flow => {
      const initialTsn = tsns[sender];
      return new Flow({
        share: this.#share,
        onMessage: (message) => {
          this.#events.message(association, sender, message);
        },
        ...(initialTsn === undefined ? {} : { initialTsn }),
      });
    };
    const association: Association = { number: this.#count, ends, inMiddle, flows: [flow(0), flow(1)] };
    this.#between.set(pairText(ends), association);
    const gone = this.#live.set(`${association.number}`, association);
    if (gone !== undefined) this.#close(gone);
    return association;
  }

  #close(association: Association): void {
    const { number, ends, flows } = association;
    this.#live.delete(`${number}`);
    if (this.#between.get(pairText(ends)) === association) this.#between.delete(pairText(ends));
    this.#joined.delete(`${endPointText(ends[0])} ${endPointText(ends[1])}`);
    for (const flow of flows) flow.end();
    this.#events.ended(association);
  }
}

function pairText(ends: Association['ends']): string {
  return ends.map(endPointText).sort().join(' ');
}

function takePlain(
  bytes: Uint8Array,
  { at, length }: { readonly at: number; readonly length: number },
  { association, sender }: Way,
): void {
  const type = bytes[at] ?? 0;
  if (type === CHUNK.sack) {
    if (length >= SACK_BYTES) association.flows[sender === 0 ? 1 : 0].acknowledged(word32(bytes, at + 4));
    return;
  }
  if (type !== CHUNK.data && type !== CHUNK.iData) return;
  const data = readUserData(bytes, at, length);
  if (data !== undefined) association.flows[sender].data(data);
}
