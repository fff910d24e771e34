import { describe, expect, it } from 'vitest';
import { LINK } from '../../../../../runners/interfaces/capture/frame.ts';
import { CHUNK, DATA_FLAG, PARAMETER } from '../../../../../runners/interfaces/sctp/chunks.ts';
import { writeChunk } from '../../../../../runners/interfaces/sctp/packet-writer.ts';
import { BEGAN_NS, framesOf, pcapFile } from '../../../../support/capture/files.ts';
import { iDataChunk } from '../../../../support/capture/i-data.ts';
import { readMessages, readTalk, textsOf } from '../../../../support/capture/read.ts';
import { aTalk } from '../../../../support/capture/talk.ts';

const { beginning, ending, unordered } = DATA_FLAG;

describe('messages of an association', () => {
  const talk = aTalk();

  it('come with time, ends, stream and payload protocol identifier', () => {
    const { messages } = readTalk([
      ...talk.open(),
      talk.data('a', { tsn: 100, stream: 3, ppid: 70, text: 'ask' }),
      talk.data('b', { tsn: 500, stream: 1, ppid: 0, text: 'answer' }),
    ]);
    const [a, b] = [
      { host: '192.0.2.1', port: 40_001 },
      { host: '192.0.2.2', port: 36_421 },
    ];
    expect(messages).toMatchObject([
      {
        n: 1,
        timeNs: BEGAN_NS + 4_000_000n,
        from: a,
        to: b,
        association: 1,
        inMiddle: false,
        stream: 3,
        ppid: 70,
      },
      {
        n: 2,
        timeNs: BEGAN_NS + 5_000_000n,
        from: b,
        to: a,
        association: 1,
        inMiddle: false,
        stream: 1,
        ppid: 0,
      },
    ]);
    expect(textsOf({ messages })).toEqual(['ask', 'answer']);
  });

  it('count once, however often they are sent', () => {
    const ask = talk.data('a', { tsn: 100 });
    const { messages, counts } = readTalk([...talk.open(), ask, ask, talk.sack('b', 100), ask]);
    expect(textsOf({ messages })).toEqual(['tsn 100']);
    expect(counts).toMatchObject({ retransmissions: 2, missing: 0, messages: 1 });
  });

  it('wait for those before them in their stream, and for no others', () => {
    const { messages } = readTalk([
      ...talk.open(),
      talk.data('a', { tsn: 101, stream: 0, ssn: 1 }, { tsn: 102, stream: 1, ssn: 0 }),
      talk.data('a', { tsn: 103, stream: 0, ssn: 2, flags: beginning | ending | unordered }),
      talk.data('a', { tsn: 100, stream: 0, ssn: 0 }),
    ]);
    expect(textsOf({ messages })).toEqual(['tsn 102', 'tsn 103', 'tsn 100', 'tsn 101']);
    expect(messages.map(({ timeNs }) => timeNs - BEGAN_NS)).toEqual(
      [4n, 5n, 6n, 6n].map((ms) => ms * 1_000_000n),
    );
  });

  it('are put together from fragments in whatever order, with the identifier of the first', () => {
    const parts = [
      { tsn: 100, flags: beginning, ppid: 70, text: 'one ' },
      { tsn: 101, flags: 0, ppid: 0, text: 'long ' },
      { tsn: 102, flags: ending, ppid: 0, text: 'message' },
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      const packets = order.flatMap((index) => parts[index] ?? []).map((part) => talk.data('a', part));
      const { messages } = readTalk([...talk.open(), ...packets]);
      expect(textsOf({ messages })).toEqual(['one long message']);
      expect(messages[0]?.ppid).toBe(70);
    }
  });

  it('are put together from fragments that take turns, in the order of their numbers', () => {
    const one = { stream: 0, message: 0, ppid: 70 };
    const other = { stream: 1, message: 0, ppid: 60 };
    const chunks = [
      iDataChunk({ ...one, tsn: 100, fragment: 0, flags: beginning, text: 'one ' }),
      iDataChunk({ ...other, tsn: 101, fragment: 0, flags: beginning, text: 'the ' }),
      iDataChunk({ ...one, tsn: 102, fragment: 1, flags: 0, text: 'long ' }),
      iDataChunk({ ...other, tsn: 103, fragment: 1, flags: ending, text: 'other' }),
      iDataChunk({ ...one, tsn: 104, fragment: 2, flags: ending, text: 'message' }),
      iDataChunk({ ...one, tsn: 106, message: 2, flags: beginning | ending, text: 'third' }),
      iDataChunk({ ...one, tsn: 105, message: 1, flags: beginning | ending, text: 'second' }),
    ];
    for (const order of [
      [0, 1, 2, 3, 4, 5, 6],
      [3, 1, 0, 2, 4, 5, 6],
    ]) {
      const packets = order.flatMap((at) => chunks[at] ?? []).map((chunk) => talk.packet('a', [chunk]));
      const { messages } = readTalk([...talk.open(), ...packets]);
      expect(textsOf({ messages })).toEqual(['the other', 'one long message', 'second', 'third']);
      expect(messages.map(({ ppid }) => ppid)).toEqual([60, 70, 70, 70]);
    }
  });

  it('tell whether something of their end is not there yet, or was sent after them', () => {
    const { messages } = readTalk([
      ...talk.open(),
      talk.data('a', { tsn: 100, stream: 0 }),
      talk.data('a', { tsn: 102, stream: 1 }),
      talk.data('a', { tsn: 101, stream: 2 }),
      talk.data('a', { tsn: 103, stream: 1, ssn: 1 }),
    ]);
    expect(messages.map(({ isUnsure, isOvertaken }) => [isUnsure, isOvertaken])).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, false],
    ]);
  });

  it('come in the order of their times, wherever they stand in the file', () => {
    const frames = framesOf([
      ...talk.open(),
      talk.data('a', { tsn: 100 }),
      talk.data('b', { tsn: 500 }),
      talk.data('a', { tsn: 101, ssn: 1 }),
    ]);
    const { messages } = readMessages(pcapFile([...frames].reverse()));
    expect(textsOf({ messages })).toEqual(['tsn 100', 'tsn 500', 'tsn 101']);
  });

  it('are followed by the end of their association: aborted, shut down, begun anew, or with the file', () => {
    const again = aTalk({ tagOfA: 0xa1, tagOfB: 0xb1 });
    const last = aTalk({ tagOfA: 0xa2, tagOfB: 0xb2 });
    const { ended } = readTalk([
      ...[...talk.open(), talk.data('a', { tsn: 100 }), ...again.open(), again.data('a', { tsn: 100 })],
      ...[again.abort('b'), ...last.open(), last.data('b', { tsn: 500 })],
    ]);
    expect(ended.map(({ association, at }) => [association, at - BEGAN_NS])).toEqual([
      [1, 7_000_000n],
      [2, 10_000_000n],
      [3, 15_000_000n],
    ]);
  });

  it('that the capture does not have are told with the next one, once the receiver confirms them', () => {
    const { messages, counts } = readTalk([
      ...talk.open(),
      talk.data('a', { tsn: 100, ssn: 0 }),
      talk.data('a', { tsn: 102, ssn: 2 }),
      talk.sack('b', 102),
      talk.data('a', { tsn: 101, ssn: 1 }),
    ]);
    expect(textsOf({ messages })).toEqual(['tsn 100', 'tsn 102', 'tsn 101']);
    expect(messages.map(({ missing }) => missing)).toEqual([0, 1, 0]);
    expect(counts.missing).toBe(1);
  });

  it('go on after a hole that is larger than any window', () => {
    const { messages } = readTalk([
      ...talk.open(),
      talk.data('a', { tsn: 100, ssn: 0 }),
      talk.data('a', { tsn: 200_100, ssn: 9 }),
      talk.data('a', { tsn: 200_101, ssn: 10 }),
    ]);
    expect(textsOf({ messages })).toEqual(['tsn 100', 'tsn 200100', 'tsn 200101']);
    expect(messages[1]?.missing).toBe(199_999);
  });

  it('are read from the middle, both directions as one association', () => {
    const { messages, counts } = readTalk([
      talk.sack('b', 130),
      talk.data('a', { tsn: 131, ssn: 7, flags: ending, text: 'the end of something' }),
      talk.data('a', { tsn: 132, ssn: 8 }),
      talk.data('b', { tsn: 700, ssn: 3 }),
      talk.data('a', { tsn: 130, ssn: 6, flags: beginning }),
    ]);
    expect(textsOf({ messages })).toEqual(['tsn 132', 'tsn 700']);
    expect(messages.map(({ association, inMiddle }) => [association, inMiddle])).toEqual([
      [1, true],
      [1, true],
    ]);
    expect(counts.associations).toBe(1);
  });

  it('of a new association between the same ends are of that', () => {
    const again = aTalk({ tagOfA: 0xa1, tagOfB: 0xb1, tsnOfA: 100, tsnOfB: 900 });
    const { messages } = readTalk([
      ...[...talk.open(), talk.data('a', { tsn: 100, text: 'before' }), talk.abort('b')],
      ...[...again.open(), again.data('a', { tsn: 100, text: 'after' })],
    ]);
    expect(messages.map((message) => [message.association, textsOf({ messages: [message] })[0]])).toEqual([
      [1, 'before'],
      [2, 'after'],
    ]);
  });

  it('with a tag that nobody has chosen get into no association that is known', () => {
    const stranger = aTalk({ tagOfB: 0xbad });
    const { messages } = readTalk([
      ...talk.open(),
      stranger.data('a', { tsn: 100 }),
      talk.data('a', { tsn: 100 }),
    ]);
    expect(messages.map(({ association, inMiddle }) => [association, inMiddle])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  it('that are held back come at the end, when what is before them never came', () => {
    const { messages } = readTalk([...talk.open(), talk.data('a', { tsn: 101, ssn: 1 })]);
    expect(textsOf({ messages })).toEqual(['tsn 101']);
  });

  it('from another address of the same end are of the same association', () => {
    const address = { type: PARAMETER.ipv4, value: Uint8Array.of(192, 0, 2, 9) };
    const frames = framesOf([...talk.open({ a: [address] as never[] }), talk.data('a', { tsn: 100 })]);
    const other = framesOf([talk.data('a', { tsn: 100 }, { tsn: 101, ssn: 1 })], {
      hosts: ['192.0.2.9', '192.0.2.2'],
    }).map((frame) => ({ ...frame, timeNs: frame.timeNs + 10_000_000n }));
    const { messages } = readMessages(pcapFile([...frames, ...other], { linkType: LINK.raw }));
    expect(messages.map(({ from, association }) => [from.host, association])).toEqual([
      ['192.0.2.1', 1],
      ['192.0.2.1', 1],
    ]);
  });

  it('wrap with their numbers', () => {
    const near = aTalk({ tsnOfA: 0xfffffffe });
    const packets = [0xfffffffe, 0xffffffff, 0, 1].map((tsn, ssn) =>
      near.data('a', { tsn, ssn, text: `${ssn}` }),
    );
    expect(textsOf(readTalk([...near.open(), ...packets, ...packets]))).toEqual(['0', '1', '2', '3']);
  });

  it('are not taken from packets that their receiver throws away', () => {
    const broken = talk.data('a', { tsn: 100, text: 'broken' });
    broken.bytes[30] = 0xff;
    const long = talk.packet('a', [writeChunk(CHUNK.data, 3, new Uint8Array(20))]);
    new DataView(long.bytes.buffer, long.bytes.byteOffset).setUint16(14, 999);
    new DataView(long.bytes.buffer, long.bytes.byteOffset).setUint32(8, 0);
    const { messages, counts } = readTalk([...talk.open(), broken, long]);
    expect(messages).toEqual([]);
    expect(counts).toMatchObject({ wrongChecksum: 1, malformed: 1 });
  });

  it('are taken from packets whose checksum was left to the network card', () => {
    const packet = talk.data('a', { tsn: 100 });
    new DataView(packet.bytes.buffer, packet.bytes.byteOffset).setUint32(8, 0);
    expect(textsOf(readTalk([...talk.open(), packet]))).toEqual(['tsn 100']);
  });
});

describe('SCTP in UDP', () => {
  const talk = aTalk();
  const packets = [...talk.open(), talk.data('a', { tsn: 100 }), talk.data('b', { tsn: 500 })];

  it.each([
    ['on its own port', [50_000, 9_899], undefined],
    ['on a port that is named', [50_000, 50_001], [50_001]],
    ['on ports that nobody names', [50_000, 50_001], undefined],
  ] as const)('is read %s', (_, udpPorts, named) => {
    const file = pcapFile(framesOf(packets, { udpPorts }));
    const { messages } = readMessages(file, named === undefined ? {} : { udpPorts: named });
    expect(messages.map(({ from, to }) => [from.udpPort, to.udpPort])).toEqual([
      [udpPorts[0], udpPorts[1]],
      [udpPorts[1], udpPorts[0]],
    ]);
  });

  it('is not seen in other datagrams', () => {
    const noise = { from: 'a', bytes: new Uint8Array(40) } as const;
    const { counts } = readMessages(pcapFile(framesOf([noise, noise], { udpPorts: [53, 53] })));
    expect(counts).toMatchObject({ frames: 2, packets: 0, malformed: 0, wrongChecksum: 0 });
  });
});
