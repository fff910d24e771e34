import { markup, type Markup, type MarkupPart, raw } from '../markup.ts';
import { type Scale, timeScale, valueScale } from './scale.ts';

export interface PlotPoint {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** `null` leaves a gap. */
  readonly value: number | null;
}

export interface PlotSeries {
  readonly name: string;
  /** In the order of time. */
  readonly points: readonly PlotPoint[];
}

export interface Plot {
  /** Of the element, unlike any other of the document: a letter, then letters, digits and dashes. */
  readonly id: string;
  readonly title: string;
  /** Empty where there is none. */
  readonly unit: string;
  readonly series: readonly PlotSeries[];
}

/** More lines than these nobody can tell apart. */
const MAX_SERIES = 12;
/** So many columns of the picture; of more points only the lowest and the highest in each column are drawn. */
const COLUMNS = 600;
const [WIDTH, TOP, HEIGHT, LEFT, RIGHT] = [720, 48, 220, 64, 36] as const;
const ROW = 20;
const NAME_LENGTH = 90;

/** A colour of the report and a pattern each: no line is told by its colour alone. */
const COLOURS = ['accent', 'fail', 'open', 'error', 'pass', 'rest'] as const;
const FALLBACK = {
  accent: '#0d5a63',
  fail: '#a11d18',
  open: '#744800',
  error: '#662a80',
  pass: '#14653a',
  rest: '#47535e',
} as const satisfies Record<(typeof COLOURS)[number], string>;
/** Twelve lines see each pair of colour and pattern once. */
const DASHES = ['', '8 5', '1 5', '10 5 1 5'] as const;

/**
 * Lines in time as SVG, to stand in the HTML report or alone: no script, nothing from outside, light and dark by the variables of the
 * page around it. Points that are no finite numbers are gaps.
 */
export function renderPlot({ id, title, unit, series: all }: Plot): Markup {
  const series = all.slice(0, MAX_SERIES).map((each) => ({ ...each, points: each.points.filter(isInTime) }));
  const times = series.flatMap(({ points }) => points.map(({ atMs }) => atMs));
  const values = series.flatMap(({ points }) => points.flatMap(({ value }) => (isDrawn(value) ? value : [])));
  const axes = { time: timeScale(least(times), most(times)), value: valueScale(values) };
  const legend = [...series.map(named), ...(all.length > MAX_SERIES ? [moreThan(all)] : [])];
  const height = TOP + HEIGHT + 36 + ROW * legend.length;
  return markup`<svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="100%" role="img" aria-labelledby="${id}-title ${id}-desc" font-family="inherit" font-size="12" fill="currentColor">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${describe(all, unit)}</desc>
<text x="0" y="14" font-weight="600">${shortened(title)}</text>
${unit !== '' && markup`<text x="0" y="30" style="fill:var(--soft,#56616c)">${unit}</text>\n`}${values.length === 0 ? empty() : [valueAxis(axes.value), timeAxis(axes.time), series.map((each, index) => line(each, index, axes))]}${legend.map(legendRow)}</svg>
`;
}

/** What those hear who do not see the lines. */
function describe(series: readonly PlotSeries[], unit: string): string {
  const parts = series.slice(0, MAX_SERIES).map(({ name, points }) => {
    const values = points.flatMap(({ value }) => (isDrawn(value) ? value : []));
    if (values.length === 0) return `${name}: no values.`;
    const range = `${written(least(values))} to ${written(most(values))}${unit === '' ? '' : ` ${unit}`}`;
    return `${name}: ${String(values.length)} ${values.length === 1 ? 'value' : 'values'} from ${range}.`;
  });
  return parts.length === 0 ? 'No series.' : parts.join(' ');
}

function named({ name, points }: PlotSeries): string {
  return points.some(({ value }) => isDrawn(value)) ? name : `${name} (no values)`;
}

function moreThan(all: readonly PlotSeries[]): string {
  return `and ${String(all.length - MAX_SERIES)} more that are not drawn`;
}

function empty(): Markup {
  return markup`<text x="${LEFT}" y="${TOP + HEIGHT / 2}" style="fill:var(--soft,#56616c)">No values.</text>\n`;
}

function valueAxis({ ticks, at }: Scale): Markup {
  const rows = ticks.map((tick) => {
    const y = down(at(tick));
    return markup`<path d="M${LEFT} ${y}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end" style="stroke:none">${written(tick)}</text>\n`;
  });
  return markup`<g style="stroke:var(--line,#8a949d);fill:var(--soft,#56616c)">${rows}</g>\n`;
}

function timeAxis({ ticks, at }: Scale): Markup {
  const bottom = TOP + HEIGHT;
  const marks = ticks.map((tick) => {
    const x = across(at(tick));
    return markup`<path d="M${x} ${bottom}v5"/><text x="${x}" y="${bottom + 18}" text-anchor="middle" style="stroke:none">${clock(tick)}</text>\n`;
  });
  const unit = markup`<text x="0" y="${bottom + 18}" style="stroke:none">UTC</text>`;
  return markup`<g style="stroke:var(--soft,#56616c);fill:var(--soft,#56616c)">${unit}${marks}</g>\n`;
}

function line(
  { points }: PlotSeries,
  index: number,
  axes: { readonly time: Scale; readonly value: Scale },
): MarkupPart {
  const runs = runsOf(thinned(points, axes.time)).map((run) =>
    run.map(
      ({ atMs, value }) => `${String(across(axes.time.at(atMs)))} ${String(down(axes.value.at(value)))}`,
    ),
  );
  const paths = runs.map(
    ([first = '', ...rest]) => `M${first}${rest.length === 0 ? 'h0' : `L${rest.join(' ')}`}`,
  );
  return markup`<path d="${paths.join('')}" fill="none" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" ${look(index)}/>\n`;
}

function legendRow(name: string, index: number): Markup {
  const y = TOP + HEIGHT + 44 + ROW * index;
  const sample =
    index < MAX_SERIES &&
    markup`<path d="M${LEFT} ${y - 4}h28" fill="none" stroke-width="2" ${look(index)}/>`;
  return markup`${sample}<text x="${LEFT + 38}" y="${y}">${shortened(name)}</text>\n`;
}

function look(index: number): Markup {
  const colour = COLOURS[index % COLOURS.length] ?? 'accent';
  const dash = DASHES[index % DASHES.length] ?? '';
  return raw(
    `style="stroke:var(--${colour},${FALLBACK[colour]})"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`,
  );
}

interface Drawn {
  readonly atMs: number;
  readonly value: number;
}

/** Stretches without a gap. */
function runsOf(points: readonly PlotPoint[]): readonly (readonly Drawn[])[] {
  const runs: Drawn[][] = [];
  let open = false;
  for (const { atMs, value } of points) {
    if (!isDrawn(value)) {
      open = false;
      continue;
    }
    if (!open) runs.push([]);
    open = true;
    runs.at(-1)?.push({ atMs, value });
  }
  return runs;
}

/** All points, or in each column of the picture the lowest and the highest. */
function thinned(points: readonly PlotPoint[], { at }: Scale): readonly PlotPoint[] {
  if (points.length <= 2 * COLUMNS) return points;
  const columns = new Map<number, PlotPoint[]>();
  for (const point of points) {
    const column = Math.floor(at(point.atMs) * COLUMNS);
    const found = columns.get(column);
    if (found === undefined) columns.set(column, [point]);
    else found.push(point);
  }
  return [...columns.values()].flatMap(extremes);
}

function extremes(points: readonly PlotPoint[]): readonly PlotPoint[] {
  const drawn = points.flatMap(({ atMs, value }) => (isDrawn(value) ? { atMs, value } : []));
  const [first] = drawn;
  if (first === undefined) return points.slice(0, 1);
  const lowest = drawn.reduce((low, point) => (point.value < low.value ? point : low), first);
  const highest = drawn.reduce((high, point) => (point.value > high.value ? point : high), first);
  if (lowest === highest) return [lowest];
  return lowest.atMs <= highest.atMs ? [lowest, highest] : [highest, lowest];
}

function isInTime({ atMs }: PlotPoint): boolean {
  return Math.abs(atMs) <= MAX_TIME_MS;
}

/** As far as a `Date` goes. */
const MAX_TIME_MS = 8.64e15;

function isDrawn(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && Math.abs(value) < 1e300;
}

function across(share: number): number {
  return rounded(LEFT + share * (WIDTH - LEFT - RIGHT));
}

function down(share: number): number {
  return rounded(TOP + (1 - share) * HEIGHT);
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10;
}

/** `1 234.5`, and powers of ten where digits would be too many. */
function written(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-3)) return value.toExponential(1);
  const [whole = '', fraction] = Number(value.toPrecision(6)).toString().split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/gu, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `01:00:05`, with milliseconds where there are some. */
function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, atMs % 1_000 === 0 ? 19 : 23);
}

function shortened(text: string): string {
  const signs = Array.from(text);
  return signs.length <= NAME_LENGTH ? text : `${signs.slice(0, NAME_LENGTH - 1).join('')}…`;
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), values[0] ?? 0);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), values[0] ?? 0);
}
