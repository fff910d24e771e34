import { Type } from 'typebox';

import { closed, generatedId } from '../../../api/parts.ts';
import { reportView } from '../../../api/views.ts';
import type { StoredReport } from '../../../campaigns/ports.ts';
import type { Digest } from '../../../domain/ids.ts';
import { type Actor, actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { sendFile } from '../files.ts';
import { idPath, reading } from '../schemas.ts';
import { viewReport } from '../views.ts';
import { found, seesReport } from '../visibility.ts';

const filePath = Type.Object({ id: generatedId, '*': Type.String({ minLength: 1, maxLength: 500 }) }, closed);

export function addReportRoutes(server: Server, deps: HttpDeps): void {
  server.get(
    '/reports/:id',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'showReport',
        does: 'Show a report: which files it has, and the digest of each',
        tag: 'reports',
        params: idPath,
        answers: reportView,
      }),
    },
    async (request) => viewReport(await visibleReport(deps, actorOf(request), request.params.id)),
  );
  server.get(
    '/reports/:id/files/*',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'readReportFile',
        does: 'Download a file of a report, such as report.dsse.json',
        tag: 'reports',
        params: filePath,
        answers: Type.Unsafe<unknown>({ description: 'the bytes' }),
      }),
    },
    async (request, reply) => {
      const { id, '*': name } = request.params;
      const report = await visibleReport(deps, actorOf(request), id);
      const digest = found(fileOf(report, name), `file ${JSON.stringify(name)} in report ${id}`, () => true);
      return sendFile(reply, { name, digest, bytes: await deps.evidence.get(digest) });
    },
  );
}

function fileOf({ files }: StoredReport, name: string): Digest | null {
  return Object.hasOwn(files, name) ? (files[name] ?? null) : null;
}

async function visibleReport({ store }: HttpDeps, actor: Actor, id: string): Promise<StoredReport> {
  const report = await store.report(id);
  const runs = report === null || actor.ofLab ? [] : await store.runsOf(report.campaign);
  return found(report, `report ${id}`, (one) => seesReport(actor, one, runs));
}
