/**
 * What an award asks for, as data. We compute whether a report would do; awarding is for others alone.
 * @see O-RAN.TIFG.Cert-Badge.0 v10.00, clauses 4.2, 5.3, 6 to 8
 */
export interface AwardRule {
  readonly id: string;
  readonly kind: 'certificate' | 'iot-badge' | 'e2e-badge';
  readonly title: string;
  /** Roles of the products it is about: one for a certificate, two for a pair; any of them for a system. */
  readonly roles: readonly string[];
  /** One of these must have been under test, as `role.interface`; none: decided by the specifications alone. */
  readonly interfaces: readonly string[];
  /** Names of specifications, all of which must have been tested; a name counts with its sub-documents (`.0`). */
  readonly specifications: readonly string[];
  /** `applicable`: what applies must pass, whatever its status; otherwise M, and CM that applies. */
  readonly decides: 'mandatory' | 'applicable';
  /** Something that the rule asks and no report of ours can show: a reason why it stays undecided. */
  readonly alsoAsks?: string;
}

const RADIO = 'all UC-plane cases for one selected radio scenario, which a report does not name';
const PROFILE = 'a named IOT profile test configuration, or a customized one listed in full';
const SCAS = 'all applicable functional tests, and the security assurance tests of 3GPP for these products';

const PAIRS = [
  ['x2', 'X2', ['gnb', 'gnb']],
  ['f1', 'F1', ['o-cu-cp', 'o-du']],
  ['xn', 'Xn', ['gnb', 'gnb']],
] as const;

export const AWARD_RULES: readonly AwardRule[] = [
  ...(['o-ru', 'o-du'] as const).map((role): AwardRule => ({
    id: `certificate-${role}-open-fronthaul`,
    kind: 'certificate',
    title: `Certificate, ${role}, Open Fronthaul`,
    roles: [role],
    interfaces: [`${role}.open-fronthaul-m`, `${role}.open-fronthaul-cus`],
    specifications: ['O-RAN.WG4.CONF'],
    decides: 'mandatory',
    ...(role === 'o-ru' ? { alsoAsks: RADIO } : {}),
  })),
  {
    id: 'iot-badge-open-fronthaul',
    kind: 'iot-badge',
    title: 'IOT badge, Open Fronthaul',
    roles: ['o-du', 'o-ru'],
    interfaces: ['o-du.open-fronthaul-m', 'o-du.open-fronthaul-cus'],
    specifications: ['O-RAN.WG4.IOT'],
    decides: 'mandatory',
    alsoAsks: PROFILE,
  },
  ...PAIRS.map(([name, title, roles]): AwardRule => ({
    id: `iot-badge-${name}`,
    kind: 'iot-badge',
    title: `IOT badge, ${title}`,
    roles,
    interfaces: [...new Set(roles.map((role) => `${role}.${name}`))],
    specifications: ['O-RAN.WG5.IOT'],
    decides: 'applicable',
  })),
  {
    id: 'e2e-badge',
    kind: 'e2e-badge',
    title: 'E2E badge',
    roles: ['o-ru', 'o-du', 'o-cu-cp', 'o-cu-up', 'gnb'],
    interfaces: [],
    specifications: ['O-RAN.TIFG.E2E-Test', 'O-RAN.WG11'],
    decides: 'applicable',
    alsoAsks: SCAS,
  },
];

/** Interfaces for which no award exists: their reports stand for themselves. */
export const WITHOUT_AWARD = ['a1', 'e1', 'e2', 'ng', 'o1', 'o2', 'r1'] as const;
