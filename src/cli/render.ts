import { stringify } from 'yaml';

import { renderTable } from './render-table.ts';
import type { CampaignDetail, CampaignView, RunView } from '../api/views.ts';

/** A document for people. */
export function renderDocument(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A table, or one sentence when there is nothing. */
export function renderRows(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? 'none\n' : `${renderTable(header, rows)}\n`;
}

export function renderRuns(runs: readonly RunView[]): string {
  return renderRows(
    ['run', 'state', 'finding', 'plan', 'sut', 'reason'],
    runs.map(({ id, state, finding, plan, subjects, reason }) => [
      id,
      state,
      finding ?? '-',
      `${plan.id}@${plan.version}`,
      subjects.join(' + '),
      renderReason(reason),
    ]),
  );
}

export function renderCampaigns(campaigns: readonly CampaignView[]): string {
  return renderRows(
    ['campaign', 'state', 'since', 'plans', 'reason'],
    campaigns.map(({ id, state, since, request, reason }) => [
      id,
      state,
      since,
      request.plans.map((plan) => plan.id).join(' '),
      renderReason(reason),
    ]),
  );
}

export function renderReason(reason: { readonly code: string; readonly text: string } | null): string {
  return reason === null ? '-' : `${reason.code}: ${reason.text}`;
}

export function renderCampaign(campaign: CampaignDetail): string {
  const { id, state, since, reason, remarks, runs } = campaign;
  const head = `${id} is ${state} since ${since}${reason === null ? '' : `, ${renderReason(reason)}`}\n`;
  return `${head}${remarks.map((remark) => `  ${renderReason(remark)}\n`).join('')}\n${renderRuns(runs)}`;
}
