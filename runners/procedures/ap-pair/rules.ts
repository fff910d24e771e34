import type { Instance, PropertyFinding } from '../../../src/judge/finding.ts';
import { TraceJudge } from '../../../src/judge/judge.ts';
import type { Program } from '../../../src/judge/program.ts';
import { protocolCalled } from '../../interfaces/trace/protocols.ts';
import { broken, holds, undecided, unseen } from '../ap/judging.ts';
import type { SeenPdu } from '../ap/seen-messages.ts';
import type { Finding } from './findings.ts';
import { sideOf } from './findings.ts';
import { CALLER, LISTENER, type Side } from './pair.ts';

/** What the trace properties of a protocol make of what a pair said, for each side. */
export type Rules = Readonly<Record<Side, Finding>>;

export interface Ruled {
  readonly protocol: string;
  readonly programs: readonly Program[];
  readonly names: readonly [listener: string, caller: string];
}

const MS_PER_S = 1_000;

/** The runner has passed on every message: what it has not seen was not said. */
export function judgeRules(pdus: readonly SeenPdu[], { protocol, programs, names }: Ruled): Rules {
  const read = protocolCalled(protocol);
  if (read === undefined) throw new TypeError(`no protocol is called ${protocol}`);
  const judge = new TraceJudge({ programs, isComplete: true });
  const associations = new Map<string, number>();
  let atMs = 0;
  for (const pdu of pdus) {
    atMs = Math.max(atMs, pdu.t * MS_PER_S);
    const association = associations.get(pdu.association) ?? associations.size;
    associations.set(pdu.association, association);
    judge.open(association, { atMs, isJoined: false });
    const side = sideOf(pdu);
    const other = side === LISTENER ? CALLER : LISTENER;
    const content = read.look(pdu.bytes);
    judge.message({
      ...{ name: content.name, isDamaged: content.isDamaged },
      value: (path) => content.value(path),
      ...{ n: pdu.n, atMs, association, side, protocol, from: names[side], to: names[other] },
    });
  }
  judge.end(atMs, { isComplete: true });
  const findings = judge.findings();
  return { [LISTENER]: ofSide(findings, LISTENER), [CALLER]: ofSide(findings, CALLER) };
}

/** The first rule that a side left; else that it kept those that had their chance. */
function ofSide(findings: readonly PropertyFinding[], side: Side): Finding {
  const left = earliest(findings.flatMap(({ property, violations }) => those(violations, side, property)));
  if (left !== undefined) {
    const { property, instance } = left;
    const { trigger, shownBy } = instance;
    const [reference] = property.references;
    const saw = `${property.id}: ${property.says} (${reference?.document ?? ''} ${reference?.clause ?? ''}); ${trigger.name}`;
    return { ...broken(saw, trigger.n, ...(shownBy === undefined ? [] : [shownBy.n])), side };
  }
  const doubt = earliest(findings.flatMap(({ property, doubts }) => those(doubts, side, property)));
  if (doubt !== undefined)
    return {
      ...undecided(`${doubt.property.id}: the trace ended before it could be told`, doubt.instance.trigger.n),
      side,
    };
  const kept = findings.filter(({ verdict }) => verdict === 'pass').length;
  return kept === 0
    ? unseen('no rule had its chance')
    : { ...holds(`${kept} rule(s) had their chance`), side };
}

interface Told {
  readonly property: PropertyFinding['property'];
  readonly instance: Instance;
}

function those(instances: readonly Instance[], side: Side, property: Told['property']): readonly Told[] {
  return instances
    .filter(({ blamedSide }) => blamedSide === side)
    .map((instance) => ({ property, instance }));
}

function earliest(told: readonly Told[]): Told | undefined {
  return told.toSorted((a, b) => a.instance.atMs - b.instance.atMs)[0];
}
