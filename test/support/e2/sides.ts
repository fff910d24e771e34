import { expect } from 'vitest';
import { outgoing, type Outgoing } from '../../../runners/interfaces/e2/answers.ts';
import { decodePdu, encodeMessage } from '../../../runners/interfaces/e2/codec.ts';
import { comprehend } from '../../../runners/interfaces/e2/comprehension.ts';
import type { AnyAccepted } from '../../../runners/interfaces/e2/types.ts';
import { NodeSide, type NodeSideOptions } from '../../../runners/interfaces/e2/node-side.ts';
import { RicSide, type RicSideOptions } from '../../../runners/interfaces/e2/ric-side.ts';
import { AN_NG_COMPONENT, aGlobalNodeId, aGlobalRicId, aRanFunction } from './messages.ts';

export function aNode(changes: Partial<NodeSideOptions> = {}): NodeSide {
  let next = 0;
  const octets = {
    e2nodeComponentRequestPart: new Uint8Array(),
    e2nodeComponentResponsePart: new Uint8Array(),
  };
  return new NodeSide({
    identity: aGlobalNodeId(),
    functions: [aRanFunction()],
    components: [{ ...AN_NG_COMPONENT, e2nodeComponentConfiguration: octets }],
    newTransactionId: () => (next += 1),
    ...changes,
  });
}

export function aRic(changes: Partial<RicSideOptions> = {}): RicSide {
  return new RicSide({ identity: aGlobalRicId(), ...changes });
}

/** Through octets and the rules of the protocol, as between two ends. */
export function told(side: NodeSide | RicSide, message: Outgoing): readonly Outgoing[] {
  const decoded = decodePdu(encodeMessage(message.name, message.ies as never));
  expect(comprehend(decoded)).toMatchObject({ action: 'accept', findings: [] });
  const answers = side.handle(decoded.message as AnyAccepted);
  for (const { name, ies } of answers) {
    const answer = decodePdu(encodeMessage(name, ies as never));
    expect(comprehend(answer)).toMatchObject({ action: 'accept', findings: [] });
  }
  return answers;
}

export function aSetUpNode(...changes: Parameters<typeof aNode>): NodeSide {
  const node = aNode(...changes);
  const [answer] = told(aRic(), outgoing('E2setupRequest', node.setUpRequest()));
  node.setUpEnded(answer?.name === 'E2setupResponse');
  return node;
}

export function aRicWithNode(...changes: Parameters<typeof aRic>): RicSide {
  const ric = aRic(...changes);
  told(ric, outgoing('E2setupRequest', aNode().setUpRequest()));
  return ric;
}
