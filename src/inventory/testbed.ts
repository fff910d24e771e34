import { type Static, Type } from 'typebox';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Mistake, Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import { parseStaffedHours } from '../domain/calendar.ts';
import type { OrganisationId, TestbedId } from '../domain/ids.ts';
import { ROLES } from '../domain/plan.ts';
import type { Testbed } from '../domain/testbed.ts';
import { isDay } from '../domain/time.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { qualify } from './equipment.ts';
import { CLOSED, header, name, reference, text } from './shapes.ts';

const MAX_SLOTS = 1000;
const day = text(10);

const schema = Type.Object(
  {
    ...header('Testbed'),
    id: reference,
    organisation: name,
    slots: Type.Integer({ minimum: 1, maximum: MAX_SLOTS }),
    capabilities: Type.Array(
      Type.String({ pattern: '^[a-z][a-z0-9:._-]{0,63}$', title: 'a capability such as a1 or sctp:usrsctp' }),
      { maxItems: 256, uniqueItems: true },
    ),
    instruments: Type.Optional(
      Type.Array(
        Type.Object({ id: name, capacity: Type.Integer({ minimum: 1, maximum: MAX_SLOTS }) }, CLOSED),
        { maxItems: 256 },
      ),
    ),
    calendar: Type.Optional(
      Type.Object(
        {
          timeZone: text(64),
          staffed: Type.Optional(Type.Array(text(64), { maxItems: 64 })),
          closed: Type.Optional(Type.Array(Type.Object({ from: day, to: day }, CLOSED), { maxItems: 400 })),
        },
        CLOSED,
      ),
    ),
    setUp: Type.Optional(
      Type.Object(
        {
          minutesPerChangedRole: Type.Partial(
            Type.Record(Type.Enum(ROLES), Type.Number({ minimum: 0, maximum: 14_400 })),
            CLOSED,
          ),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);

export type TestbedFile = Static<typeof schema>;

export const TESTBED_DOCUMENT = {
  kind: 'Testbed',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

/** A testbed from YAML or JSON text. */
export function parseTestbed(source: Source): Result<Testbed, readonly Problem[]> {
  const document = parseDocument(source, TESTBED_DOCUMENT);
  if (!document.ok) return document;
  const { value: file, locate } = document.value;
  const id = qualify(file.id, file.organisation);
  const foreign = id.startsWith(`${file.organisation}/`)
    ? []
    : [{ at: ['id'], what: `is not of the organisation "${file.organisation}"` }];
  const problems = locate([...foreign, ...checkInstruments(file), ...checkCalendar(file)]);
  if (problems.length > 0) return err(problems);
  const { calendar } = file;
  return ok({
    id: id as TestbedId,
    organisation: file.organisation as OrganisationId,
    slots: file.slots,
    capabilities: file.capabilities,
    instruments: file.instruments ?? [],
    ...(calendar && {
      calendar: { ...calendar, staffed: calendar.staffed ?? [], closed: calendar.closed ?? [] },
    }),
    setUp: file.setUp ?? { minutesPerChangedRole: {} },
  });
}

function checkInstruments({ instruments = [] }: TestbedFile): readonly Mistake[] {
  const ids = instruments.map(({ id }) => id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [{ at: ['instruments', index, 'id'], what: 'this id was used before' }] : [],
  );
}

function checkCalendar({ calendar }: TestbedFile): readonly Mistake[] {
  if (calendar === undefined) return [];
  const { timeZone, staffed = [], closed = [] } = calendar;
  const hours = staffed.map((expression) => parseStaffedHours(expression));
  return [
    ...(isTimeZone(timeZone)
      ? []
      : [{ at: ['calendar', 'timeZone'], what: 'is not a time zone of IANA, such as Europe/Berlin' }]),
    ...hours.flatMap((one, index) =>
      one.ok ? [] : [{ at: ['calendar', 'staffed', index], what: one.error }],
    ),
    ...closed.flatMap(({ from, to }, index) => checkClosed({ from, to, index })),
  ];
}

function checkClosed(range: {
  readonly from: string;
  readonly to: string;
  readonly index: number;
}): readonly Mistake[] {
  const at = ['calendar', 'closed', range.index];
  const wrong = (['from', 'to'] as const).filter((end) => !isDay(range[end]));
  if (wrong.length > 0)
    return wrong.map((end) => ({ at: [...at, end], what: 'is not a day such as 2026-12-24' }));
  return range.from <= range.to ? [] : [{ at: [...at, 'to'], what: 'is before "from"' }];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return !/^[+-]/u.test(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}
