import { describe, expect, it } from 'vitest';
import { decodePdu } from '../../../../../runners/interfaces/e2/codec.ts';
import { E2AP, e2Message } from '../../../../../runners/interfaces/trace/e2ap.ts';
import { nameOfPpid, protocolCalled, protocolOf } from '../../../../../runners/interfaces/trace/protocols.ts';
import { TraceReader } from '../../../../../runners/interfaces/trace/trace-reader.ts';
import { PROTOCOLS_UNDER_TEST } from '../../../../support/ap/protocols.ts';
import { anE2Talk } from '../../../../support/e2/talk.ts';

const [setup, , , , indication, broken] = anE2Talk().map(({ bytes }) => bytes);
if (setup === undefined || indication === undefined || broken === undefined) throw new Error('there are six');

describe('the protocol of a message', () => {
  it('is told by the identifier, and by a port where that says nothing', () => {
    expect(protocolOf({ ppid: 70, ports: [1, 2] })).toBe(E2AP);
    expect(protocolOf({ ppid: 0, ports: [40_000, 36_421] })).toBe(E2AP);
    expect(protocolOf({ ports: [1, 2] })).toBeUndefined();
    expect(protocolOf({ ppid: 18, ports: [36_421] })).toBeUndefined();
    expect(nameOfPpid(18)).toBe('S1AP');
    expect(protocolCalled('E2ap')).toBe(E2AP);
  });
});

describe('a reader of traces', () => {
  it.each(PROTOCOLS_UNDER_TEST)('reads $name, told by its identifier or by its port', ({ name, setUp }) => {
    const [message, bytes] = setUp;
    const protocol = protocolCalled(name);
    for (const carried of [
      { ppid: protocol?.ppids[0] ?? 0, ports: [] },
      { ppid: 0, ports: protocol?.ports ?? [] },
    ]) {
      const { tree, ...head } = new TraceReader().read({ association: 1, bytes, ...carried });
      expect(head).toMatchObject({ protocol: name, name: message, faults: [] });
      expect(tree?.name).toBe(`${name}-PDU`);
    }
  });

  it('knows what was agreed in the same association, and in no other', () => {
    const reader = new TraceReader();
    const read = (association: number, bytes: Uint8Array) =>
      JSON.stringify(reader.read({ association, ppid: 70, ports: [], bytes }).tree);
    expect(read(1, indication)).not.toContain('measData');
    read(1, setup);
    expect(read(1, indication)).toContain('measData');
    expect(read(2, indication)).not.toContain('measData');
  });

  it('says what is wrong, and goes on', () => {
    const reader = new TraceReader();
    const read = (bytes: Uint8Array) => reader.read({ association: 1, ppid: 70, ports: [], bytes });
    expect(read(broken).faults.length).toBeGreaterThan(0);
    expect(read(Uint8Array.of(0xff)).faults).toHaveLength(1);
    expect(read(new Uint8Array(0))).toMatchObject({ protocol: 'E2AP', name: '', tree: null });
    expect(read(setup)).toMatchObject({ name: 'E2setupRequest', kind: 'initiating', faults: [] });
  });
});

it('a message that an end has seen is told as a trace tells it', () => {
  const seen = { decoded: decodePdu(setup), ppid: 70, stream: 0 };
  expect(e2Message(seen, { from: 'e2-node', to: 'tester' })).toEqual({
    ...{ from: 'e2-node', to: 'tester', protocol: 'E2AP', name: 'E2setupRequest', kind: 'initiating' },
    ...{ faults: [], octets: setup.length, ppid: 70, stream: 0 },
  });
});
