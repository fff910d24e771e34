// A seeded generator of Open RAN campaigns: which runs there are, what they need, and a lab that is staffed on weekdays.
// Products of a radio unit, a distributed unit and a device exist once; central units, RICs and SMOs serve a few runs at
// a time. A testbed is re-cabled by changed role, only while somebody is there; runs themselves go on day and night.

const DAY = 1440;
const ROLES = [
  { role: 'o-ru', serves: 1, minutes: 60 },
  { role: 'o-du', serves: 1, minutes: 30 },
  { role: 'o-cu', serves: 2, minutes: 20 },
  { role: 'near-rt-ric', serves: 3, minutes: 10 },
  { role: 'smo', serves: 4, minutes: 10 },
  { role: 'ue', serves: 1, minutes: 15 },
  { role: 'profile', serves: 0, minutes: 5 },
];

/** Sizes used in the benchmarks: `levels` products of each role, and profiles; `strength` of the combinations. */
export const CAMPAIGNS = {
  48: { runs: 48, testbeds: 4, levels: [8, 5, 4, 3, 3, 4, 6], strength: 2, weeks: 12 },
  229: { runs: 229, testbeds: 6, levels: [8, 5, 4, 3, 3, 4, 6], strength: 3, weeks: 30 },
  1000: { runs: 1000, testbeds: 10, levels: [14, 10, 8, 6, 5, 7, 6], strength: 3, weeks: 100 },
};

export function openRanCampaign({ runs, testbeds, levels, strength, weeks }, seed) {
  const random = generator(seed);
  const below = (bound) => Math.floor(random() * bound);
  const rows = covering({ runs, levels, strength }, below);
  const horizon = weeks * 7 * DAY;
  const staffed = [];
  for (let day = 0; day < weeks * 7; day++)
    if (day % 7 < 5) staffed.push({ from: day * DAY + 8 * 60, to: day * DAY + 18 * 60 });
  const name = (r, level) => `${ROLES[r].role}-${level + 1}`;
  const beds = Array.from({ length: testbeds }, (_, b) => `bed-${b + 1}`);
  return {
    horizon,
    testbeds: beds.map((id) => ({
      id,
      staffed,
      closed: [],
      setUp: {
        kind: 'byRole',
        minutes: Object.fromEntries(ROLES.map(({ role, minutes }) => [role, minutes])),
      },
      holds: {},
    })),
    resources: ROLES.flatMap(({ serves }, r) =>
      serves === 0
        ? []
        : Array.from({ length: levels[r] }, (_, level) => ({
            id: name(r, level),
            capacity: serves,
            open: null,
          })),
    ),
    budgets: [],
    lines: [],
    shares: {},
    runs: rows.map((row, i) => {
      const duration = 60 + 30 * below(11);
      const needs = Object.fromEntries(
        row.flatMap((level, r) => (ROLES[r].serves ? [[name(r, level), 1]] : [])),
      );
      return {
        id: `run-${i + 1}`,
        organisation: `vendor-${row[0] + 1}`,
        weight: 1,
        release: 0,
        due: null,
        after: [],
        roles: Object.fromEntries(row.map((level, r) => [ROLES[r].role, name(r, level)])),
        hours: 'any',
        modes: beds.map((testbed) => ({
          testbed,
          duration,
          buffer: Math.round(duration * 0.3),
          needs,
          takes: {},
        })),
      };
    }),
  };
}

/** Rows that cover new combinations of `strength` roles first: of a handful of random rows always the one with most. */
function covering({ runs, levels, strength }, below) {
  const groups = subsets(levels.length, strength);
  const seen = new Set();
  const keys = (row) => groups.map((group) => group.map((r) => `${r}.${row[r]}`).join(','));
  const forbidden = new Set();
  for (let i = 0; i < 2 * levels[0]; i++) {
    const [a, b] = [below(2), 2];
    forbidden.add(`${a}.${below(levels[a])},${b}.${below(levels[b])}`);
  }
  const allowed = (row) => [0, 1].every((a) => !forbidden.has(`${a}.${row[a]},2.${row[2]}`));
  const rows = [];
  while (rows.length < runs) {
    let best = null;
    for (let tries = 0; tries < 30 || best === null; tries++) {
      const row = levels.map(below);
      if (!allowed(row)) continue;
      const fresh = keys(row).filter((key) => !seen.has(key)).length;
      if (best === null || fresh > best.fresh) best = { row, fresh };
    }
    rows.push(best.row);
    for (const key of keys(best.row)) seen.add(key);
  }
  return rows;
}

function subsets(count, size, from = 0) {
  if (size === 0) return [[]];
  const result = [];
  for (let first = from; first <= count - size; first++)
    for (const rest of subsets(count, size - 1, first + 1)) result.push([first, ...rest]);
  return result;
}

/** Mulberry32: the same numbers for the same seed everywhere. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
