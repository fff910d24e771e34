import type { Observation } from '../../../src/evidence/observation.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';
import type { ApInterface } from '../ap/ap-interface.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import type { Exchange } from '../ap-pair/findings.ts';
import { CALLER, LISTENER } from '../ap-pair/pair.ts';
import { openRelay, type Relay, type RelayNeeds } from '../ap-pair/relay.ts';
import type { PrepareKey } from '../hook.ts';

/** The products of a chain, as places among the subjects of the plan. */
export const [CORE, CU_CP, CU_UP, DU] = [0, 1, 2, 3] as const;
export type Place = typeof CORE | typeof CU_CP | typeof CU_UP | typeof DU;
export const PLACES: readonly Place[] = [CORE, CU_CP, CU_UP, DU];

/** What clauses call them, and people. */
export const NAMES = ['amf', 'cu-cp', 'cu-up', 'du'] as const;
export const IN_WORDS = ['AMF', 'O-CU-CP', 'O-CU-UP', 'O-DU'] as const;

export type LinkName = 'ng' | 'f1' | 'e1';

/** An interface between two of them, on which the runner stands. */
export interface ChainLink {
  readonly name: LinkName;
  /** Such as `NGAP`. */
  readonly protocol: string;
  readonly listener: Place;
  readonly caller: Place;
  /** How the caller is made to connect: the order of its hook. */
  readonly connect: { readonly key: PrepareKey; readonly action: string };
  readonly disconnect: string;
  /** Either of them sets the interface up. */
  readonly setups: readonly Exchange[];
  readonly open: (needs: RelayNeeds) => Promise<Relay>;
  readonly seen: (observations: readonly Observation[]) => readonly SeenPdu[];
}

type Told = Omit<ChainLink, 'name' | 'protocol' | 'open' | 'seen'>;

function link<S extends ApShape>(name: LinkName, spoken: ApInterface<S>, told: Told): ChainLink {
  const { seenPdus } = seenOn(spoken);
  const { protocol } = spoken.protocol.rules;
  return { name, protocol, ...told, open: (needs) => openRelay(spoken, needs), seen: seenPdus };
}

export const LINKS: Readonly<Record<LinkName, ChainLink>> = {
  ng: link('ng', NG, {
    ...{ listener: CORE, caller: CU_CP, disconnect: 'disconnectNg' },
    connect: { key: 'f1.prepare', action: 'connectNg' },
    setups: [{ by: CALLER, request: 'NGSetupRequest', answer: 'NGSetupResponse' }],
  }),
  e1: link('e1', E1, {
    ...{ listener: CU_CP, caller: CU_UP, disconnect: 'disconnect' },
    connect: { key: 'e1.prepare', action: 'connect' },
    setups: [
      { by: CALLER, request: 'GNB-CU-UP-E1SetupRequest', answer: 'GNB-CU-UP-E1SetupResponse' },
      { by: LISTENER, request: 'GNB-CU-CP-E1SetupRequest', answer: 'GNB-CU-CP-E1SetupResponse' },
    ],
  }),
  f1: link('f1', F1, {
    ...{ listener: CU_CP, caller: DU, disconnect: 'disconnect' },
    connect: { key: 'f1.prepare', action: 'connect' },
    setups: [{ by: CALLER, request: 'F1SetupRequest', answer: 'F1SetupResponse' }],
  }),
};

/** In the order in which they come up: a cell is of no use before there is a core. */
export const LINK_NAMES: readonly LinkName[] = ['ng', 'e1', 'f1'];

/** Which of the two said it: a relay counts as sent what the listener says. */
export function speakerOf({ listener, caller }: ChainLink, { direction }: Pick<SeenPdu, 'direction'>): Place {
  return direction === 'sent' ? listener : caller;
}
