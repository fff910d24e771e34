import { Type } from 'typebox';

import { type OrganisationBody, organisationBody } from '../../../api/documents.ts';
import { closed, name } from '../../../api/parts.ts';
import { scopesBody, tokenView } from '../../../api/views.ts';
import type { OrganisationId } from '../../../domain/ids.ts';
import type { Organisation } from '../../../domain/organisation.ts';
import { actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { done, DONE, writing } from '../schemas.ts';
import { forbidUnless, owns } from '../visibility.ts';

const TAG = 'access';
const YEAR_MS = 366 * 24 * 3_600_000;

function organisationOf(body: OrganisationBody): Organisation {
  return body as OrganisationBody & Organisation;
}

export function addAccessRoutes(server: Server, { useCases }: HttpDeps): void {
  server.post(
    '/organisations',
    {
      config: { scope: 'admin' },
      schema: writing({
        id: 'registerOrganisation',
        does: 'Register a partner organisation, or change it',
        tag: TAG,
        body: organisationBody,
        answers: done,
      }),
    },
    async (request) => {
      forbidUnless(actorOf(request).ofLab, 'only the lab registers organisations');
      await useCases.registerOrganisation(organisationOf(request.body));
      return DONE;
    },
  );
  server.post(
    '/tokens',
    {
      config: { scope: 'admin' },
      schema: writing({
        id: 'createToken',
        does: 'Make a token for this API; shown only now',
        tag: TAG,
        body: Type.Object(
          {
            organisation: name,
            scopes: scopesBody,
            validForMs: Type.Union([Type.Integer({ minimum: 1000, maximum: 10 * YEAR_MS }), Type.Null()]),
          },
          closed,
        ),
        answers: tokenView,
      }),
    },
    async (request) => {
      const { organisation, scopes, validForMs } = request.body;
      forbidUnless(owns(actorOf(request), organisation), 'a token must be for your organisation');
      return useCases.createApiToken({ organisation: organisation as OrganisationId, scopes, validForMs });
    },
  );
}
