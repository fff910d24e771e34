import type { Chunk, DataChunk, InitChunk } from '../sctp/chunks.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { type EndPoint, endPointText } from './end-point.ts';
import { Flow, type FlowMessage, type FlowShare } from './flow.ts';
import { Limited } from './limited.ts';
import { PeerNames } from './peer-names.ts';

export interface AssociationMessage extends FlowMessage {
  readonly from: EndPoint;
  readonly to: EndPoint;
  /** Counts up from 1 in the file. */
  readonly association: number;
  /** The capture does not have the beginning of the association. */
  readonly inMiddle: boolean;
}

interface Association {
  readonly number: number;
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

const MAX_ASSOCIATIONS = 4_096;

/**
 * Sorts packets by association and direction. Those of an association carry the tag that their receiver has chosen: so a new
 * association between the same two ends is another one, and what carries a strange tag gets into none that is known.
 */
export class Associations {
  readonly #share: FlowShare;
  readonly #names = new PeerNames();
  /** By direction and tag, like all that follows. */
  readonly #ways = new Limited<Way>(2 * MAX_ASSOCIATIONS);
  readonly #inits = new Limited<InitChunk>(MAX_ASSOCIATIONS);
  readonly #openings = new Limited<Opening>(2 * MAX_ASSOCIATIONS);
  /** Joined in the middle, by the direction of the first packet, until the other direction shows its tag. */
  readonly #joined = new Limited<Association>(MAX_ASSOCIATIONS);
  readonly #live = new Limited<Association>(MAX_ASSOCIATIONS);
  #count = 0;
  #told: AssociationMessage[] = [];

  constructor(share: FlowShare) {
    this.#share = share;
  }

  get count(): number {
    return this.#count;
  }

  /** What receivers can have with this packet. */
  packet(
    { tag, chunks }: CapturedPacket,
    ends: readonly [EndPoint, EndPoint],
  ): readonly AssociationMessage[] {
    const [from, to] = [this.#names.nameOf(ends[0]), this.#names.nameOf(ends[1])];
    const [a, b] = [endPointText(from), endPointText(to)];
    for (const chunk of chunks) this.#take(chunk, { from, to, tag, forth: `${a} ${b}`, back: `${b} ${a}` });
    return this.#takeTold();
  }

  /** The file has ended. */
  end(): readonly AssociationMessage[] {
    for (const association of this.#live.values()) this.#close(association);
    return this.#takeTold();
  }

  #takeTold(): readonly AssociationMessage[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #take(chunk: Chunk, heading: Heading): void {
    switch (chunk.kind) {
      case 'init':
        this.#names.learn(heading.from, chunk);
        this.#inits.set(`${heading.forth} ${chunk.tag}`, chunk);
        break;
      case 'initAck':
        this.#answered(chunk, heading);
        break;
      case 'data':
        this.#data(chunk, heading);
        break;
      case 'sack':
      case 'shutdown':
        this.#acknowledged(chunk.cumulativeTsn, heading);
        break;
      case 'abort':
      case 'shutdownComplete':
        this.#ended(chunk.reflected ? { ...heading, forth: heading.back } : heading);
        break;
      default:
        // Whatever is sent with the tags of an opening makes it an association.
        this.#wayOf(heading);
    }
  }

  #data(chunk: DataChunk, heading: Heading): void {
    const { association, sender } = this.#wayOf(heading) ?? this.#join(heading);
    this.#tell(association, sender, association.flows[sender].data(chunk));
  }

  #acknowledged(tsn: number, heading: Heading): void {
    const { association, sender } = this.#wayOf(heading) ?? this.#join(heading);
    const other = sender === 0 ? 1 : 0;
    this.#tell(association, other, association.flows[other].acknowledged(tsn));
  }

  #ended(heading: Pick<Heading, 'forth' | 'tag'>): void {
    const way = this.#wayOf(heading);
    if (way !== undefined) this.#close(way.association);
  }

  #answered(answer: InitChunk, { from, to, forth, back, tag }: Heading): void {
    const init = this.#inits.get(`${back} ${tag}`);
    if (init === undefined) return;
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
    const flows = [new Flow(this.#share, init.tsn), new Flow(this.#share, answer.tsn)] as const;
    const association = this.#begin({ ends, flows, inMiddle: false });
    const [a, b] = [endPointText(ends[0]), endPointText(ends[1])];
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
    const flows = [new Flow(this.#share), new Flow(this.#share)] as const;
    const association = joined ?? this.#begin({ ends: [from, to], flows, inMiddle: true });
    const sender = joined === undefined ? 0 : 1;
    if (joined === undefined) this.#joined.set(forth, association);
    const way = { association, sender } as const;
    this.#ways.set(`${forth} ${tag}`, way);
    return way;
  }

  #begin(parts: Omit<Association, 'number'>): Association {
    this.#count += 1;
    const association = { ...parts, number: this.#count };
    const gone = this.#live.set(`${association.number}`, association);
    if (gone !== undefined) this.#close(gone);
    return association;
  }

  #close(association: Association): void {
    this.#live.delete(`${association.number}`);
    this.#joined.delete(`${endPointText(association.ends[0])} ${endPointText(association.ends[1])}`);
    this.#tell(association, 0, association.flows[0].end());
    this.#tell(association, 1, association.flows[1].end());
  }

  #tell({ number, inMiddle, ends }: Association, sender: 0 | 1, messages: readonly FlowMessage[]): void {
    const [from, to] = sender === 0 ? ends : [ends[1], ends[0]];
    for (const message of messages) this.#told.push({ ...message, from, to, association: number, inMiddle });
  }
}
