import { type Static, Type } from 'typebox';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Mistake, Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import { type CampaignRequest, type Coverage, type EquipmentChoice, PRIORITIES } from '../domain/campaign.ts';
import { CASE_CHOICE, CASE_DETAILS, type DisclosurePolicy, REPORT_SECTIONS } from '../domain/disclosure.ts';
import {
  CO_SIGNER_LAB_PATTERN,
  coSignerMistakes,
  KEYID_PATTERN,
  MAX_CO_SIGNERS,
  MAX_SCOPE_WORDS,
} from '../domain/co-signer.ts';
import type { CampaignId, EquipmentId, OrganisationId } from '../domain/ids.ts';
import { type PlanRef, ROLES } from '../domain/plan.ts';
import { parsePlanRef } from '../domain/plan-ref.ts';
import { parseInstant } from '../domain/time.ts';
import { isJsonObject, type Json } from '../kernel/json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { qualify } from './equipment.ts';
import { CLOSED, header, name, reference, text, TIME_WORDS } from './shapes.ts';

export const COVERAGE_MODES = ['each', 'pairs', 'full'] as const;

const ALL = 'all';
const disclosure = Type.Record(
  name,
  Type.Object(
    {
      sections: Type.Optional(
        Type.Union([Type.Literal(ALL), Type.Array(Type.Enum(REPORT_SECTIONS), { uniqueItems: true })]),
      ),
      cases: Type.Optional(
        Type.Union([
          Type.Literal(ALL),
          Type.Array(Type.String({ pattern: CASE_CHOICE, title: 'a plan, or plan:case' }), {
            maxItems: 10_000,
            uniqueItems: true,
          }),
        ]),
      ),
      detail: Type.Optional(Type.Enum(CASE_DETAILS)),
    },
    { ...CLOSED, minProperties: 1, title: 'what that partner may open' },
  ),
  { ...CLOSED, maxProperties: 64, title: 'the name of a partner' },
);

const coSigner = Type.Object(
  {
    lab: Type.String({
      pattern: CO_SIGNER_LAB_PATTERN,
      title: 'a lab as it is called in trust folders: a-z 0-9 . -, letter or digit first and last',
    }),
    keyid: Type.String({ pattern: KEYID_PATTERN, title: 'a keyid of keys.json: 64 hexadecimal digits' }),
    scope: Type.Array(text(256), { minItems: 1, maxItems: MAX_SCOPE_WORDS, uniqueItems: true }),
  },
  CLOSED,
);

const products = Type.Array(reference, { minItems: 1, maxItems: 16, uniqueItems: true });
const coverage = Type.Object(
  {
    mode: Type.Optional(Type.Enum(COVERAGE_MODES)),
    strength: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
    seeds: Type.Optional(Type.Array(products, { maxItems: 1000 })),
    exclude: Type.Optional(Type.Array(products, { maxItems: 1000 })),
    weights: Type.Optional(
      Type.Record(reference, Type.Number({ exclusiveMinimum: 0, maximum: 1000 }), {
        ...CLOSED,
        maxProperties: 1000,
        title: 'a product: a name or organisation/name',
      }),
    ),
  },
  CLOSED,
);

const schema = Type.Object(
  {
    ...header('Campaign'),
    id: reference,
    organisation: name,
    plans: Type.Array(text(128), { minItems: 1, maxItems: 64, uniqueItems: true }),
    equipment: Type.Object(
      {
        ids: Type.Optional(Type.Array(reference, { minItems: 1, maxItems: 1000, uniqueItems: true })),
        select: Type.Optional(
          Type.Object(
            { role: Type.Optional(Type.Enum(ROLES)), organisation: Type.Optional(name) },
            { ...CLOSED, minProperties: 1, title: 'at least one of role and organisation' },
          ),
        ),
      },
      { ...CLOSED, minProperties: 1, maxProperties: 1, title: 'exactly one of ids and select' },
    ),
    coverage,
    window: Type.Optional(Type.Object({ from: text(40), to: text(40) }, CLOSED)),
    priority: Type.Optional(Type.Enum(PRIORITIES)),
    disclosure: Type.Optional(disclosure),
    coSigners: Type.Optional(Type.Array(coSigner, { minItems: 1, maxItems: MAX_CO_SIGNERS })),
  },
  CLOSED,
);

export type CampaignFile = Static<typeof schema>;

export const CAMPAIGN_DOCUMENT = {
  kind: 'Campaign',
  shape: makeShape(schema),
  refuse: refuseMixture,
} as const satisfies DocumentKind<typeof schema>;

/** A campaign request from YAML or JSON text. */
export function parseCampaign(source: Source): Result<CampaignRequest, readonly Problem[]> {
  const document = parseDocument(source, CAMPAIGN_DOCUMENT);
  if (!document.ok) return document;
  const { value: file, locate } = document.value;
  const id = qualify(file.id, file.organisation);
  const plans = plansOf(file);
  const window = windowOf(file);
  const mistakes = [
    ...(id.startsWith(`${file.organisation}/`)
      ? []
      : [{ at: ['id'], what: `is not of the organisation "${file.organisation}"` }]),
    ...(plans.ok ? [] : plans.error),
    ...(window.ok ? [] : window.error),
    ...coSignersOf(file),
  ];
  if (!plans.ok || !window.ok || mistakes.length > 0) return err(locate(mistakes));
  return ok({
    id: id as CampaignId,
    organisation: file.organisation as OrganisationId,
    plans: plans.value,
    equipment: choiceOf(file),
    coverage: coverageOf(file),
    window: window.value,
    priority: file.priority ?? 'normal',
    ...(file.disclosure === undefined ? {} : { disclosure: disclosureOf(file.disclosure) }),
    ...(file.coSigners === undefined ? {} : { coSigners: file.coSigners }),
  });
}

/** Either a mode, or a strength with what belongs to it. */
function refuseMixture(value: Json): readonly Mistake[] {
  const asked = isJsonObject(value) ? value['coverage'] : undefined;
  if (!isJsonObject(asked)) return [];
  const [byMode, byStrength] = [Object.hasOwn(asked, 'mode'), Object.hasOwn(asked, 'strength')];
  if (byMode === byStrength)
    return [{ at: ['coverage'], what: 'exactly one of the fields "mode" and "strength" must be there' }];
  return ['seeds', 'exclude', 'weights']
    .filter((field) => byMode && Object.hasOwn(asked, field))
    .map((field) => ({
      at: ['coverage', field],
      what: 'goes with "strength", not with "mode"',
      onName: true,
    }));
}

function coverageOf({ coverage: asked, organisation }: CampaignFile): Coverage {
  if (asked.mode !== undefined) return { mode: asked.mode };
  const { strength = 1, seeds, exclude, weights } = asked;
  const idOf = (name: string): EquipmentId => qualify(name, organisation) as EquipmentId;
  return {
    strength,
    ...(seeds === undefined ? {} : { seeds: seeds.map((one) => one.map(idOf)) }),
    ...(exclude === undefined ? {} : { exclude: exclude.map((one) => one.map(idOf)) }),
    ...(weights === undefined
      ? {}
      : {
          weights: Object.fromEntries(Object.entries(weights).map(([name, weight]) => [idOf(name), weight])),
        }),
  };
}

function plansOf({ plans }: CampaignFile): Result<readonly PlanRef[], readonly Mistake[]> {
  const refs = plans.map(parsePlanRef);
  const mistakes = refs.flatMap((ref, index) => (ref.ok ? [] : [{ at: ['plans', index], what: ref.error }]));
  return mistakes.length > 0 ? err(mistakes) : ok(refs.flatMap((ref) => (ref.ok ? [ref.value] : [])));
}

function coSignersOf({ coSigners = [], plans }: CampaignFile): readonly Mistake[] {
  const ids = new Set(plans.map((plan) => plan.split('@')[0] ?? plan));
  return coSignerMistakes(coSigners, ids).map(({ at, what }) => ({ at: ['coSigners', ...at], what }));
}

function windowOf({ window }: CampaignFile): Result<CampaignRequest['window'], readonly Mistake[]> {
  if (window === undefined) return ok(null);
  const [from, to] = [parseInstant(window.from), parseInstant(window.to)];
  if (!from.ok || !to.ok) {
    const wrong = [...(from.ok ? [] : ['from']), ...(to.ok ? [] : ['to'])];
    return err(wrong.map((end) => ({ at: ['window', end], what: `is not ${TIME_WORDS}` })));
  }
  return from.value < to.value
    ? ok({ from: from.value, to: to.value })
    : err([{ at: ['window', 'to'], what: 'must be later than "from"' }]);
}

function disclosureOf(file: NonNullable<CampaignFile['disclosure']>): DisclosurePolicy {
  return Object.fromEntries(
    Object.entries(file).map(([partner, { sections = [], cases = [], detail = 'whole' }]) => [
      partner,
      { sections, cases, detail },
    ]),
  );
}

function choiceOf({ equipment, organisation }: CampaignFile): EquipmentChoice {
  const { ids, select = {} } = equipment;
  if (ids !== undefined) return { ids: ids.map((id) => qualify(id, organisation) as EquipmentId) };
  const { role, organisation: owner } = select;
  return {
    select: {
      ...(role !== undefined && { role }),
      ...(owner !== undefined && { organisation: owner as OrganisationId }),
    },
  };
}
