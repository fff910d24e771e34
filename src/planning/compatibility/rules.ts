import type { E2Topic } from '../../domain/e2-statement.ts';
import type { Code } from '../../kernel/codes.ts';

type Values = readonly (string | number)[];

export interface Judged {
  readonly code: Code;
  readonly severity: 'refuse' | 'warn';
  readonly why: string;
}

export interface Rule {
  readonly topic: E2Topic;
  /** Where the node says it under another topic. */
  readonly also?: E2Topic;
  /** `null`: nothing stands between them, as far as both have said. */
  readonly judge: (ric: Values, node: Values) => Judged | null;
}

const refuse = (code: Code, why: string): Judged => ({ code, severity: 'refuse', why });
const warn = (code: Code, why: string): Judged => ({ code, severity: 'warn', why });

/** What must fit between a near-RT RIC and an E2 node. */
export const RULES: readonly Rule[] = [
  { topic: 'e2ap', judge: judgeE2ap },
  { topic: 'model', judge: judgeModels },
  { topic: 'model.oid', judge: judgeOids },
  {
    topic: 'kpm.timeStampOctets',
    judge: apart(() =>
      refuse(
        'KPM_TIME_STAMP_MISMATCH',
        'the start of a collection has 4 octets in E2SM-KPM v02 and 8 from v03.00 on: no indication header can be read',
      ),
    ),
  },
  { topic: 'kpm.version', judge: versions('E2SM-KPM') },
  { topic: 'rc.version', judge: versions('E2SM-RC') },
  { topic: 'kpm.styles', judge: styles('report styles of E2SM-KPM') },
  { topic: 'rc.styles', judge: styles('control styles of E2SM-RC') },
  {
    topic: 'definition.unreadable',
    judge: (_, node) =>
      node.length === 0
        ? null
        : refuse(
            'FUNCTION_DEFINITION_UNREADABLE',
            `a RAN function definition is not as its service model has it`,
          ),
  },
  {
    topic: 'carriage',
    judge: apart(() =>
      refuse('TRANSPORT_MISMATCH', 'one speaks SCTP on IP, the other inside UDP (RFC 6951) only'),
    ),
  },
  {
    topic: 'udp.remote',
    also: 'udp.local',
    judge: ports('the RIC sends to a UDP port on which the node does not listen'),
  },
  {
    topic: 'udp.local',
    also: 'udp.remote',
    judge: ports('the node sends to a UDP port on which the RIC does not listen'),
  },
  { topic: 'plmn', judge: judgePlmns },
  {
    topic: 'nodeIdBits',
    judge: apart(() =>
      refuse(
        'NODE_ID_LENGTH_MISMATCH',
        'the RIC does not take a global E2 node ID of that length (TS 38.413 has 22 to 32 bits)',
      ),
    ),
  },
];

/** Both have said something, and nothing is the same. */
function apart(finding: () => Judged): Rule['judge'] {
  return (ric, node) => (areApart(ric, node) ? finding() : null);
}

function areApart(ric: Values, node: Values): boolean {
  return ric.length > 0 && node.length > 0 && !ric.some((value) => node.includes(value));
}

/** Version 1 has no transaction IDs; later ones read each other but for what was added. */
function judgeE2ap(ric: Values, node: Values): Judged | null {
  if (!areApart(ric, node)) return null;
  const old = (values: Values): boolean => values.every((value) => value === 1);
  if (old(ric) || old(node))
    return refuse(
      'E2AP_VERSION_MISMATCH',
      'E2AP v01 has no transaction IDs, which every later version demands',
    );
  return warn('E2AP_VERSION_MISMATCH', 'what the newer version added will be answered as not understood');
}

function judgeModels(ric: Values, node: Values): Judged | null {
  if (areApart(ric, node)) return refuse('SERVICE_MODEL_MISSING', 'they have no service model in common');
  if (ric.length === 0 || node.length === 0) return null;
  const lonely = [
    ...ric.filter((each) => !node.includes(each)),
    ...node.filter((each) => !ric.includes(each)),
  ];
  if (lonely.length === 0) return null;
  return warn('SERVICE_MODEL_MISSING', `only one of them has ${[...new Set(lonely)].join(', ')}`);
}

/** A RIC knows service models by their numbers alone. */
function judgeOids(ric: Values, node: Values): Judged | null {
  const strange = ric.flatMap((value) => {
    const [name = ''] = String(value).split(' ');
    const same = (each: string | number): boolean => String(each).startsWith(`${name} `);
    return node.some(same) && !node.includes(value) && areApart(ric.filter(same), node.filter(same))
      ? [name]
      : [];
  });
  if (strange.length === 0) return null;
  return warn(
    'SERVICE_MODEL_OID_MISMATCH',
    `${[...new Set(strange)].join(', ')} has another number on each side`,
  );
}

function versions(model: string): Rule['judge'] {
  return apart(() =>
    warn('SERVICE_MODEL_VERSION_MISMATCH', `the two have different major versions of ${model}`),
  );
}

function styles(what: string): Rule['judge'] {
  return (ric, node) => {
    if (areApart(ric, node)) return refuse('STYLE_MISSING', `they have no ${what} in common`);
    const missing = node.length === 0 ? [] : ric.filter((each) => !node.includes(each));
    return missing.length === 0
      ? null
      : warn('STYLE_MISSING', `of the ${what}, the node lacks ${missing.join(', ')}`);
  };
}

function ports(why: string): Rule['judge'] {
  return apart(() => refuse('UDP_PORTS_MISMATCH', why));
}

/** MNC 01 and MNC 001 are two networks, and mostly one that was written down wrongly. */
function judgePlmns(ric: Values, node: Values): Judged | null {
  if (!areApart(ric, node)) return null;
  const mistaken = ric.some((a) => node.some((b) => isLengthened(String(a), String(b))));
  if (mistaken) return refuse('PLMN_MISMATCH', 'the MNC has two digits on one side and three on the other');
  return warn('PLMN_MISMATCH', 'they are of different networks');
}

function isLengthened(a: string, b: string): boolean {
  if (a.length === b.length || a.slice(0, 3) !== b.slice(0, 3)) return false;
  return Number(a.slice(3)) === Number(b.slice(3));
}
