import { Type } from 'typebox';

import { closed, generatedId } from '../../../api/parts.ts';
import {
  amendmentBody,
  importBody,
  importView,
  MAX_IMPORT_BODY_BYTES,
  withdrawalBody,
} from '../../../api/report-body.ts';
import { type ReportView, reportView } from '../../../api/views.ts';
import type { StoredReport } from '../../../campaigns/store-ports.ts';
import type { CampaignId } from '../../../domain/ids.ts';
import { HarnessError } from '../../../kernel/errors.ts';
import { type Actor, actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { sendFile } from '../files.ts';
import { filesOf, viewImport, viewReports } from '../report-views.ts';
import { idPath, itemPath, reading, writing } from '../schemas.ts';
import { forbidUnless, found, type ReportReader, seesReport } from '../visibility.ts';

const filePath = Type.Object({ id: generatedId, '*': Type.String({ minLength: 1, maxLength: 500 }) }, closed);
const TAG = 'reports';

export function addReportRoutes(server: Server, deps: HttpDeps): void {
  addReading(server, deps);
  addImport(server, deps);
  server.post(
    '/reports/:id/amend',
    {
      config: { scope: 'report:write' },
      schema: writing({
        id: 'amendReport',
        does: 'Issue the next revision of a report; the machine’s findings stay visible',
        tag: TAG,
        params: idPath,
        body: amendmentBody,
        answers: reportView,
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      await decidableReport(deps, actor, request.params.id);
      return viewOne(deps, actor, await deps.useCases.amendReport(request.params.id, request.body));
    },
  );
  server.post(
    '/reports/:id/withdraw',
    {
      config: { scope: 'report:write' },
      schema: writing({
        id: 'withdrawReport',
        does: 'Withdraw a report, with a signed statement; it stays where it is',
        tag: TAG,
        params: idPath,
        body: withdrawalBody,
        answers: reportView,
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      await decidableReport(deps, actor, request.params.id);
      return viewOne(deps, actor, await deps.useCases.withdrawReport(request.params.id, request.body));
    },
  );
}

function addImport(server: Server, deps: HttpDeps): void {
  server.post(
    '/campaigns/:organisation/:name/imports',
    {
      config: { scope: 'report:write' },
      bodyLimit: MAX_IMPORT_BODY_BYTES,
      schema: writing({
        id: 'importResults',
        does: 'Take results of another harness into the reports of a campaign; they are recounted, shown, never counted',
        tag: TAG,
        params: itemPath,
        body: importBody,
        answers: importView,
      }),
    },
    async (request) => {
      forbidUnless(actorOf(request).ofLab, 'only the lab takes results of others into its reports');
      const { content, ...wish } = request.body;
      const id = `${request.params.organisation}/${request.params.name}` as CampaignId;
      const bytes = Buffer.from(content, 'base64');
      return viewImport(await deps.useCases.importResults(id, { ...wish, bytes }));
    },
  );
}

function addReading(server: Server, deps: HttpDeps): void {
  server.get(
    '/reports/:id',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'showReport',
        does: 'Show a report: its revision and standing, which files it has, and the digest of each',
        tag: TAG,
        params: idPath,
        answers: reportView,
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      return viewOne(deps, actor, await visibleReport(deps, actor, request.params.id));
    },
  );
  server.get(
    '/reports/:id/files/*',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'readReportFile',
        does: 'Download a file of a report, such as report.dsse.json',
        tag: TAG,
        params: filePath,
        answers: Type.Unsafe<unknown>({ description: 'the bytes' }),
      }),
    },
    async (request, reply) => {
      const { id, '*': name } = request.params;
      const actor = actorOf(request);
      const report = await visibleReport(deps, actor, id);
      const statuses = await deps.store.reportStatuses(report.campaign);
      const files = filesOf(report, statuses, await readerOf(deps, actor, report));
      const known = Object.hasOwn(files, name) ? (files[name] ?? null) : null;
      const digest = found(known, `file ${JSON.stringify(name)} in report ${id}`, () => true);
      return sendFile(reply, { name, digest, bytes: await deps.evidence.get(digest) });
    },
  );
}

async function viewOne(deps: HttpDeps, actor: Actor, report: StoredReport): Promise<ReportView> {
  const [view] = await viewReports(deps.store, [report], await readerOf(deps, actor, report));
  if (view === undefined) throw new HarnessError('NOT_FOUND', `there is no report ${report.id}`);
  return view;
}

async function readerOf(
  { store, lab }: HttpDeps,
  actor: Actor,
  { campaign }: StoredReport,
): Promise<ReportReader> {
  return { actor, lab, runs: actor.ofLab ? [] : await store.runsOf(campaign) };
}

/** A report is the word of the lab: nobody else decides what becomes of it. */
async function decidableReport(deps: HttpDeps, actor: Actor, id: string): Promise<StoredReport> {
  const report = await visibleReport(deps, actor, id);
  forbidUnless(actor.ofLab, 'only the lab decides about its reports');
  return report;
}

async function visibleReport({ store }: HttpDeps, actor: Actor, id: string): Promise<StoredReport> {
  return found(await store.report(id), `report ${id}`, (report) => seesReport(actor, report));
}
