import { Type } from 'typebox';

import { equipmentBody, type EquipmentBody } from '../../../api/documents.ts';
import { closed, name, text } from '../../../api/parts.ts';
import { listOf, revisionView } from '../../../api/views.ts';
import type { Equipment } from '../../../domain/equipment.ts';
import type { EquipmentId, OrganisationId } from '../../../domain/ids.ts';
import { ROLES } from '../../../domain/plan.ts';
import { actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { DONE, done, itemPath, reading, writing } from '../schemas.ts';
import { forbidUnless, found, owns } from '../visibility.ts';

const TAG = 'equipment';
const listQuery = Type.Object(
  { organisation: Type.Optional(name), role: Type.Optional(Type.Enum(ROLES)) },
  closed,
);

export function addEquipmentRoutes(server: Server, deps: HttpDeps): void {
  addSubmit(server, deps);
  addWithdraw(server, deps);
  addReading(server, deps);
}

function addSubmit(server: Server, { useCases }: HttpDeps): void {
  server.post(
    '/equipment',
    {
      config: { scope: 'equipment:write' },
      schema: writing({
        id: 'submitEquipment',
        does: 'Submit equipment; a new revision when it differs from the newest one',
        tag: TAG,
        body: equipmentBody,
        answers: revisionView,
      }),
    },
    async (request) => {
      const equipment = toEquipment(request.body);
      const isOwn = owns(actorOf(request), equipment.organisation);
      forbidUnless(
        isOwn && equipment.id.startsWith(`${equipment.organisation}/`),
        'equipment must be of your organisation, and its id must begin with it',
      );
      const { revision } = await useCases.submitEquipment(equipment);
      return { id: equipment.id, revision };
    },
  );
}

function addWithdraw(server: Server, { useCases }: HttpDeps): void {
  server.post(
    '/equipment/:organisation/:name/withdraw',
    {
      config: { scope: 'equipment:write' },
      schema: writing({
        id: 'withdrawEquipment',
        does: 'Take a product away until it is submitted again: runs on it end, campaigns are planned again',
        tag: TAG,
        params: itemPath,
        body: Type.Object({ text: text(500) }, closed),
        answers: done,
      }),
    },
    async (request) => {
      const { organisation, name: called } = request.params;
      forbidUnless(owns(actorOf(request), organisation), 'equipment must be of your organisation');
      await useCases.withdrawEquipment(`${organisation}/${called}` as EquipmentId, request.body.text);
      return DONE;
    },
  );
}

function addReading(server: Server, { store }: HttpDeps): void {
  server.get(
    '/equipment',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'listEquipment',
        does: 'List equipment',
        tag: TAG,
        query: listQuery,
        answers: listOf(equipmentBody),
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      const { role, organisation = actor.ofLab ? undefined : actor.organisation } = request.query;
      if (organisation !== undefined && !owns(actor, organisation)) return { items: [] };
      const items = await store.listEquipment({
        ...(role === undefined ? {} : { role }),
        ...(organisation === undefined ? {} : { organisation: organisation as OrganisationId }),
      });
      return { items: items.map(viewEquipment) };
    },
  );
  server.get(
    '/equipment/:organisation/:name',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'showEquipment',
        does: 'Show the newest revision of an item of equipment',
        tag: TAG,
        params: itemPath,
        answers: equipmentBody,
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      const id = `${request.params.organisation}/${request.params.name}` as EquipmentId;
      const equipment = await store.equipment(id);
      return viewEquipment(found(equipment, `equipment ${id}`, (one) => owns(actor, one.organisation)));
    },
  );
}

/** The schema has checked every name; ids become what the domain calls them. */
function toEquipment(body: EquipmentBody): Equipment {
  return body as EquipmentBody & Equipment;
}

function viewEquipment(equipment: Equipment): EquipmentBody {
  return equipment as Equipment & EquipmentBody;
}
