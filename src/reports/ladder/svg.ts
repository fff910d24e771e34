import { PALETTE } from '../html/style.ts';
import { markup, type Markup, type MarkupPart, raw } from '../markup.ts';
import type { Ladder, LadderStep } from './ladder.ts';

/** Pixels; across, everything is in percent, so that a diagram is as wide as there is room, and its letters stay as they are. */
const [HEAD, ROW, FOOT] = [40, 34, 8];
const [TIME_PERCENT, EDGE_PERCENT] = [17, 12];
const [LANE_PX, TIME_PX] = [150, 56];
/** So that pages break between diagrams and not inside of one. */
const STEPS_A_PART = 20;
const HEAD_CHARACTERS = 24;
const NAME_CHARACTERS = 40;
const WIDTH_PX = 760;

/** Colours are those of the page around it. */
export const LADDER_STYLE = `
.ladder { overflow-x: auto; margin: .75rem 0 0; }
.ladder > svg { display: block; width: 100%; max-width: 52rem; font: 12px/1.2 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
.ladder .lane { stroke: var(--line); stroke-width: 1.5; }
.ladder .party { fill: var(--ink); font-weight: 600; text-anchor: middle; }
.ladder .at { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.ladder .name { fill: var(--ink); text-anchor: middle; paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.ladder .way { stroke-width: 1.75; } .ladder .is-faulty .way { stroke-dasharray: 5 3; }
.ladder .is-ask { --way: var(--soft); } .ladder .is-done { --way: var(--pass); } .ladder .is-refused { --way: var(--open); }
.ladder .is-other { --way: var(--rest); } .ladder .is-faulty { --way: var(--fail); }
.ladder .way { stroke: var(--way); } .ladder .tip { fill: var(--way); }
.ladder .is-faulty .name { fill: var(--fail); font-weight: 600; } .ladder .is-other .name { font-style: italic; }
@media screen and (max-width: 40rem) { .ladder .is-first { text-anchor: start; } .ladder .is-last { text-anchor: end; } }
`;

/** The diagram in parts, one below the other. @param label says in a sentence what is shown, for who cannot see it */
export function renderLadder({ parties, steps }: Ladder, label: string): readonly Markup[] {
  const parts = Array.from({ length: Math.max(1, Math.ceil(steps.length / STEPS_A_PART)) }, (_, index) =>
    steps.slice(index * STEPS_A_PART, (index + 1) * STEPS_A_PART),
  );
  return parts.map((part, index) => {
    const title = parts.length === 1 ? label : `${label}, part ${index + 1} of ${parts.length}`;
    return renderPart(parties, part, title);
  });
}

/** A file of its own, all in one part. */
export function renderLadderFile({ parties, steps, more }: Ladder, label: string): string {
  const height = HEAD + steps.length * ROW + FOOT;
  const note =
    more === 0 ? null : markup`<text class="at" x="0" y="${height + 16}">${moreText(more)}</text>\n`;
  const width = Math.max(WIDTH_PX, TIME_PX + parties.length * LANE_PX);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="ladder" width="${width}" height="${height + 28}" role="img">
<title>${label}</title>
<style>${raw(PALETTE)}${raw(LADDER_STYLE)}.paper { fill: var(--card); }</style>
<rect class="paper" width="100%" height="100%"/>
<svg x="2%" width="96%" height="${height + 28}">
${renderLanes(parties, height)}${steps.map((step, index) => renderStep(step, index, parties))}${note}</svg>
</svg>
`.text;
}

export function moreText(more: number): string {
  return more === 1 ? '1 more message is not shown' : `${more} more messages are not shown`;
}

function renderPart(parties: readonly string[], steps: readonly LadderStep[], label: string): Markup {
  const height = HEAD + steps.length * ROW + FOOT;
  const least = raw(`min-width: ${TIME_PX + parties.length * LANE_PX - 40}px`);
  return markup`<svg role="img" aria-label="${label}" height="${height}" style="${least}">
${renderLanes(parties, height)}${steps.map((step, index) => renderStep(step, index, parties))}</svg>
`;
}

function renderLanes(parties: readonly string[], height: number): MarkupPart {
  const lanes = parties.map((party, index) => {
    const x = percent(laneAt(index, parties.length));
    const edge = index === 0 ? ' is-first' : index === parties.length - 1 ? ' is-last' : '';
    return markup`<line class="lane" x1="${x}" x2="${x}" y1="${HEAD - 12}" y2="${height}"/>
<text class="party${edge}" x="${x}" y="18">${shortened(party, HEAD_CHARACTERS)}<title>${party}</title></text>
`;
  });
  return [markup`<text class="at" x="0" y="18">s</text>\n`, ...lanes];
}

function renderStep(step: LadderStep, index: number, parties: readonly string[]): MarkupPart {
  const y = HEAD + index * ROW + 20;
  const [from, to] = [laneAt(step.from, parties.length), laneAt(step.to, parties.length)];
  const name = step.look === 'faulty' ? `⚠ ${step.name}` : step.name;
  return markup`<g class="is-${step.look}"><title>${step.details}</title>
<text class="at" x="0" y="${y + 4}">${step.time}</text>
${renderArrow(from, to, y)}<text class="name" x="${percent((from + to) / 2)}" y="${y - 6}">${shortened(name, NAME_CHARACTERS)}</text>
</g>
`;
}

/** Its head stands in a picture of its own, which knows pixels. */
function renderArrow(from: number, to: number, y: number): MarkupPart {
  const tip = from <= to ? 'M0 0 L-9 -4.5 L-9 4.5 Z' : 'M0 0 L9 -4.5 L9 4.5 Z';
  return markup`<line class="way" x1="${percent(from)}" x2="${percent(to)}" y1="${y}" y2="${y}"/>
<svg x="${percent(to)}" y="${y}" overflow="visible"><path class="tip" d="${raw(tip)}"/></svg>
`;
}

function laneAt(index: number, lanes: number): number {
  const [first, last] = [TIME_PERCENT + EDGE_PERCENT / 2, 100 - EDGE_PERCENT];
  return lanes === 1 ? (first + last) / 2 : first + (index / (lanes - 1)) * (last - first);
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}

function shortened(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}
