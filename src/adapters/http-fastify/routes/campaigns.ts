import { Type } from 'typebox';

import { campaignBody } from '../../../api/documents.ts';
import { closed, name } from '../../../api/parts.ts';
import { campaignDetail, campaignPlanView, campaignView, listOf, reportView } from '../../../api/views.ts';
import type { Campaign } from '../../../domain/campaign.ts';
import type { CampaignId, OrganisationId } from '../../../domain/ids.ts';
import { type Actor, actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { viewReports } from '../report-views.ts';
import { DONE, done, forced, itemPath, limit, reading, writing } from '../schemas.ts';
import { requestOf, viewCampaign, viewRun } from '../views.ts';
import { forbidUnless, found, mayRequest, owns, seesCampaign, seesReport, seesRun } from '../visibility.ts';

const TAG = 'campaigns';
const listQuery = Type.Object(
  { open: Type.Optional(Type.Boolean()), organisation: Type.Optional(name), limit: Type.Optional(limit) },
  closed,
);

export function addCampaignRoutes(server: Server, deps: HttpDeps): void {
  const { useCases } = deps;
  server.post(
    '/campaigns',
    {
      config: { scope: 'campaign:write' },
      schema: writing({
        id: 'submitCampaign',
        does: 'Submit a campaign; submitting the same one again changes nothing',
        tag: TAG,
        body: campaignBody,
        answers: campaignView,
      }),
    },
    async (request) => {
      const wanted = requestOf(request.body);
      forbidUnless(
        mayRequest(actorOf(request), wanted),
        'a campaign must be of your organisation, choose its equipment from yours, and name no co-signers',
      );
      return viewCampaign(await useCases.submitCampaign(wanted));
    },
  );
  addLists(server, deps);
  addReportList(server, deps);
  addOneCampaign(server, deps);
  addPlan(server, deps);
  addCancel(server, deps);
}

function addLists(server: Server, deps: HttpDeps): void {
  const { store } = deps;
  server.get(
    '/campaigns',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'listCampaigns',
        does: 'List campaigns, newest first',
        tag: TAG,
        query: listQuery,
        answers: listOf(campaignView),
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      const {
        open,
        organisation = actor.ofLab ? undefined : actor.organisation,
        limit: most,
      } = request.query;
      if (organisation !== undefined && !owns(actor, organisation)) return { items: [] };
      const campaigns = await store.campaigns({
        limit: most ?? 100,
        ...(open === undefined ? {} : { open }),
        ...(organisation === undefined ? {} : { organisation: organisation as OrganisationId }),
      });
      return { items: campaigns.map(viewCampaign) };
    },
  );
}

function addReportList(server: Server, deps: HttpDeps): void {
  const { store, lab } = deps;
  server.get(
    '/campaigns/:organisation/:name/reports',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'listReports',
        does: 'List the reports of a campaign',
        tag: 'reports',
        params: itemPath,
        answers: listOf(reportView),
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      // A vendor may read the report on its own product although the campaign is the lab's.
      const id = `${request.params.organisation}/${request.params.name}` as CampaignId;
      const campaign = await store.campaign(id);
      const reports = campaign === null ? [] : await store.reports(id);
      const visible = reports.filter((report) => seesReport(actor, report));
      found(campaign, `campaign ${id}`, (one) => seesCampaign(actor, one) || visible.length > 0);
      return { items: await viewReports(store, visible, { actor, lab, runs: await store.runsOf(id) }) };
    },
  );
}

function addOneCampaign(server: Server, deps: HttpDeps): void {
  const { store } = deps;
  server.get(
    '/campaigns/:organisation/:name',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'showCampaign',
        does: 'Show a campaign and its runs',
        tag: TAG,
        params: itemPath,
        answers: campaignDetail,
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      const campaign = await visibleCampaign(deps, actor, request.params);
      const runs = (await store.runsOf(campaign.id)).filter((run) => seesRun(actor, run));
      return { ...viewCampaign(campaign), runs: runs.map(viewRun) };
    },
  );
}

function addPlan(server: Server, deps: HttpDeps): void {
  server.get(
    '/campaigns/:organisation/:name/plan',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'showCampaignPlan',
        does: 'Show the newest plan of a campaign: what meets, when and where, with everything it was made from',
        tag: TAG,
        params: itemPath,
        answers: campaignPlanView,
      }),
    },
    async (request) => {
      const campaign = await visibleCampaign(deps, actorOf(request), request.params);
      const stored = await deps.store.campaignPlan(campaign.id);
      return stored === null ? { revision: 0, plan: null } : { revision: stored.revision, plan: stored.plan };
    },
  );
}

function addCancel(server: Server, deps: HttpDeps): void {
  const { useCases } = deps;
  server.post(
    '/campaigns/:organisation/:name/cancel',
    {
      config: { scope: 'campaign:write' },
      schema: writing({
        id: 'cancelCampaign',
        does: 'Cancel a campaign: cases under way are finished, or stopped when forced',
        tag: TAG,
        params: itemPath,
        body: forced,
        answers: done,
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      const campaign = await visibleCampaign(deps, actor, request.params);
      const { force = false, text = `cancelled by ${actor.organisation}` } = request.body;
      await useCases.cancelCampaign(campaign.id, { force, text });
      return DONE;
    },
  );
}

async function visibleCampaign(
  { store }: HttpDeps,
  actor: Actor,
  { organisation, name: called }: { organisation: string; name: string },
): Promise<Campaign> {
  const id = `${organisation}/${called}` as CampaignId;
  return found(await store.campaign(id), `campaign ${id}`, (campaign) => seesCampaign(actor, campaign));
}
