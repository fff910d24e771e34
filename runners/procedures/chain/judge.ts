import type { Measurement } from '../../../src/domain/case-record.ts';
import type { Program } from '../../../src/judge/program.ts';
import { broken, holds, undecided, unseen } from '../ap/judging.ts';
import type { SeenPdu } from '../ap/seen-messages.ts';
import { type Finding, judged, judgeExchange, judgeOrder, judgeSpeech } from '../ap-pair/findings.ts';
import { CALLER, LISTENER, type Side } from '../ap-pair/pair.ts';
import { judgeRules } from '../ap-pair/rules.ts';
import type { Judged, Seen } from '../procedure.ts';
import { judgeKeys, judgeProtection, judgeTunnels } from './contents.ts';
import { E1_RELEASE, F1_RELEASE, findHop, judgeFlow, NG_RELEASE, REGISTRATION, SESSION } from './flow.ts';
import { type ChainLink, CORE, CU_CP, DU, LINK_NAMES, LINKS, NAMES, type Place, PLACES } from './links.ts';
import { tookMsIn } from './rounds.ts';
import { type Pdus, pdusIn, roundsIn, type SeenRound } from './seen-rounds.ts';

export type LinkPrograms = Readonly<Record<(typeof LINK_NAMES)[number], () => readonly Program[]>>;

const MS_PER_S = 1_000;

/** What is held of every registration, by clause. */
const OF_EACH: Readonly<Record<string, (round: SeenRound) => Finding>> = {
  registered: (round) => judgeFlow(round.pdus, REGISTRATION),
  protected: judgeProtection,
  session: judgeSession,
  tunnels: judgeTunnels,
  keys: judgeKeys,
  ping: judgePing,
  'ng-release': judgeRelease,
  'f1-release': (round) => judgeBelow(round, F1_RELEASE),
  'e1-release': (round) => judgeBelow(round, E1_RELEASE),
};

export const CLAUSES: readonly string[] = [
  ...LINK_NAMES.map((name) => `${name}-setup`),
  ...Object.keys(OF_EACH),
  'consecutive',
  ...NAMES.flatMap((name) => [`${name}-speech`, `${name}-rules`]),
  'order',
];

export function judgeChain(seen: Seen, programs: LinkPrograms): Judged {
  const pdus = pdusIn(seen.observations);
  const rounds = roundsIn(seen.observations, pdus);
  const wanted = seen.number('registrationsCount');
  const setups = LINK_NAMES.map((name) => [`${name}-setup`, judgeSetup(LINKS[name], pdus[name])] as const);
  const areUp = setups.every(([, { verdict }]) => verdict === 'pass');
  const each = Object.entries(OF_EACH).map(
    ([id, one]) => [id, areUp ? overRounds(rounds, one) : unseen('an interface was not set up')] as const,
  );
  const findings = {
    ...Object.fromEntries([...setups, ...each]),
    consecutive: judgeCount(rounds, wanted),
    ...judgeProducts(pdus, programs),
    order: firstOf(LINK_NAMES.map((name) => onChain(LINKS[name], judgeOrder(pdus[name])))),
  };
  return { ...judged(findings), measurements: measured(rounds) };
}

/** A finding about a side of an interface, as one about a product. */
function onChain({ listener, caller }: ChainLink, { side, ...finding }: Finding): Finding {
  return side === undefined ? finding : { ...finding, side: side === LISTENER ? listener : caller };
}

function judgeSetup(link: ChainLink, pdus: readonly SeenPdu[]): Finding {
  const findings = link.setups.map((setup) => onChain(link, judgeExchange(pdus, setup)));
  const [first = unseen('nothing was seen')] = findings;
  return (
    findings.find(({ verdict }) => verdict === 'pass') ??
    findings.find(({ verdict }) => verdict === 'fail') ??
    first
  );
}

/** The first that fails says what is wrong. */
function overRounds(rounds: readonly SeenRound[], one: (round: SeenRound) => Finding): Finding {
  const all = rounds.map((round) => ({ n: round.n, ...one(round) }));
  const bad =
    all.find(({ verdict }) => verdict === 'fail') ?? all.find(({ verdict }) => verdict === 'inconc');
  if (bad !== undefined) {
    const { n, ...finding } = bad;
    return { ...finding, saw: `registration ${n}: ${finding.saw}` };
  }
  const passed = all.filter(({ verdict }) => verdict === 'pass');
  const [first] = passed;
  if (first === undefined) return unseen(all[0]?.saw ?? 'no registration was begun');
  const shownBy = passed.flatMap(({ shownBy: shown = [] }) => shown);
  return holds(`in ${passed.length} of ${rounds.length}: ${first.saw}`, ...shownBy);
}

/** As often as the plan says, from the registration to the release on every interface; why it ended before, other clauses say. */
function judgeCount(rounds: readonly SeenRound[], wanted: number): Finding {
  const isWhole = (round: SeenRound): boolean => {
    const {
      registered,
      'ng-release': released,
      ...others
    } = Object.fromEntries(Object.entries(OF_EACH).map(([id, one]) => [id, one(round).verdict]));
    const isSound = Object.values(others).every((verdict) => verdict === 'pass' || verdict === 'none');
    return registered === 'pass' && released === 'pass' && isSound;
  };
  const whole = rounds.filter(isWhole);
  const saw = `${whole.length} of ${wanted} came to their end`;
  return whole.length === wanted ? holds(saw) : undecided(saw);
}

/** Its set-up, when the UE has registered. */
function judgeSession(round: SeenRound): Finding {
  if (judgeFlow(round.pdus, REGISTRATION).verdict !== 'pass') return unseen('the UE did not register');
  const finding = judgeFlow(round.pdus, SESSION);
  const [first] = SESSION;
  if (finding.verdict === 'pass' || first === undefined || findHop(round.pdus, first) !== undefined)
    return finding;
  // The core was not asked: the UE did not, or what it asked was not passed on.
  const said = round.inStep('session');
  if (said.f1.length === 0) return { ...finding, side: DU };
  return said.ng.length === 0 ? { ...finding, side: CU_CP } : finding;
}

/** What whoever has the UE ping says of it; whose doing it is when nothing comes back, no message tells. */
function judgePing(round: SeenRound): Finding {
  const answer = round.answer('ping');
  if (answer === null)
    return unseen('there was nothing to ping through, or nobody to say whether it was answered');
  const tookMs = tookMsIn(answer.body);
  if (tookMs !== null) return holds('answered', answer.n);
  return answer.status === 200
    ? broken('nothing came back', answer.n)
    : undecided('the hook of the UE did not say whether it was answered', answer.n);
}

function judgeRelease(round: SeenRound): Finding {
  const said = round.inStep('deregistration');
  if (judgeFlow(round.pdus, REGISTRATION).verdict !== 'pass') return unseen('the UE did not register');
  const finding = judgeFlow(said, NG_RELEASE);
  if (finding.side !== CORE) return finding;
  // The core was not told: the UE did not say so, or what it said was not passed on.
  if (said.f1.length === 0) return { ...finding, side: DU };
  return said.ng.length === 0 ? { ...finding, side: CU_CP } : finding;
}

/** What goes where the O-CU-CP has been told on NG that the UE is to go. */
function judgeBelow(round: SeenRound, hops: typeof F1_RELEASE): Finding {
  const said = round.inStep('deregistration');
  const [command] = NG_RELEASE;
  if (command === undefined || findHop(said, command) === undefined)
    return unseen('no UEContextReleaseCommand came on NG');
  const isThere = hops !== E1_RELEASE || findHop(round.pdus, BEARERS) !== undefined;
  return isThere ? judgeFlow(said, hops) : unseen('there were no bearers');
}

const BEARERS = { on: 'e1', by: 2, names: ['BearerContextSetupResponse'] } as const;

/** What each product said, on every interface that it has. */
function judgeProducts(pdus: Pdus, programs: LinkPrograms): Readonly<Record<string, Finding>> {
  const rules = LINK_NAMES.map((name) => {
    const link = LINKS[name];
    const names = [NAMES[link.listener], NAMES[link.caller]] as const;
    return {
      link,
      of: judgeRules(pdus[name], { protocol: link.protocol, programs: programs[name](), names }),
    };
  });
  return Object.fromEntries(
    PLACES.flatMap((place) => {
      const own = rules.flatMap(({ link, of }) => {
        const side = sideOn(link, place);
        return side === null ? [] : [{ speech: judgeSpeech(pdus[link.name], side), rules: of[side], link }];
      });
      const speech = firstOf(own.map((each) => onChain(each.link, each.speech)));
      return [
        [`${NAMES[place]}-speech`, speech],
        [`${NAMES[place]}-rules`, firstOf(own.map((each) => onChain(each.link, each.rules)))],
      ] as const;
    }),
  );
}

function sideOn({ listener, caller }: ChainLink, place: Place): Side | null {
  return place === listener ? LISTENER : place === caller ? CALLER : null;
}

/** Of findings about one rule on several interfaces: the worst; one that had no chance counts only when none had. */
function firstOf(findings: readonly Finding[]): Finding {
  const worst = (['fail', 'inconc', 'pass', 'none'] as const).flatMap((verdict) =>
    findings.filter((finding) => finding.verdict === verdict),
  );
  return worst[0] ?? unseen('nothing was seen');
}

/** How long registrations and deregistrations took, and pings. */
function measured(rounds: readonly SeenRound[]): readonly Measurement[] {
  const registration = rounds.flatMap(({ pdus }) =>
    between(pdus, { from: REGISTRATION[0], to: REGISTRATION.at(-1) }),
  );
  const deregistration = rounds.flatMap((round) => {
    const said = round.inStep('deregistration');
    const [asked] = said.f1;
    const gone = NG_RELEASE[1] === undefined ? undefined : findHop(said, NG_RELEASE[1]);
    return asked === undefined || gone === undefined ? [] : [(gone.t - asked.t) * MS_PER_S];
  });
  const ping = rounds.flatMap((round) => tookMsIn(round.answer('ping')?.body) ?? []);
  return [
    ...statistics('registrationTime', registration),
    ...statistics('deregistrationTime', deregistration),
    ...statistics('pingTime', ping),
  ];
}

interface Stretch {
  readonly from: (typeof REGISTRATION)[number] | undefined;
  readonly to: (typeof REGISTRATION)[number] | undefined;
}

function between(pdus: Pdus, { from, to }: Stretch): readonly number[] {
  const [first, last] = [from && findHop(pdus, from), to && findHop(pdus, to)];
  return first === undefined || last === undefined ? [] : [(last.t - first.t) * MS_PER_S];
}

function statistics(name: string, values: readonly number[]): readonly Measurement[] {
  if (values.length === 0) return [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const all = { Min: Math.min(...values), Mean: mean, Max: Math.max(...values) };
  return Object.entries(all).map(([which, value]) => {
    return { name: `${name}${which}`, value: Math.round(value * 10) / 10, unit: 'ms' };
  });
}
