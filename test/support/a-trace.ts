import type { TraceMessage } from '../../src/domain/trace-message.ts';

export function aTraceMessage(changes: Partial<TraceMessage> = {}): TraceMessage {
  return {
    ...{ t: 0.012, from: 'near-rt-ric', to: 'e2-node', protocol: 'E2AP', name: 'RICsubscriptionRequest' },
    ...{ kind: 'initiating', faults: [], octets: 96, ppid: 70, stream: 1 },
    ...changes,
  };
}

/** A setup, a subscription and what comes of it. */
export function aTrace(indications = 3): readonly TraceMessage[] {
  const [ric, node] = ['near-rt-ric', 'e2-node'];
  const up = { from: node, to: ric };
  return [
    aTraceMessage({ ...up, t: 0.004, name: 'E2setupRequest', octets: 555, stream: 0 }),
    aTraceMessage({ t: 0.007, name: 'E2setupResponse', kind: 'successful', octets: 88, stream: 0 }),
    aTraceMessage({ t: 0.02 }),
    aTraceMessage({ ...up, t: 0.0234, name: 'RICsubscriptionResponse', kind: 'successful', octets: 40 }),
    ...Array.from({ length: indications }, (_, index) =>
      aTraceMessage({ ...up, t: 1.023 + index, name: 'RICindication', octets: 211 }),
    ),
    aTraceMessage({
      ...{ t: 4.1, name: 'RICsubscriptionDeleteRequest', octets: 30 },
      faults: ['initiatingMessage.value.protocolIEs[1]: octets are left behind the end'],
    }),
    aTraceMessage({
      ...up,
      t: 4.102,
      name: 'RICsubscriptionDeleteFailure',
      kind: 'unsuccessful',
      octets: 33,
    }),
    { ...up, t: 4.2, name: '', protocol: '', octets: 12, ppid: 0, faults: [] },
  ];
}
