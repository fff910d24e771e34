import type { JsonObject } from '../../kernel/json.ts';

/** What the format asks for and nobody told us. It is said, never invented. */
export const NOT_STATED = 'not stated';

const NOTE_LENGTH = 4095;
const NAME_LENGTH = 255;

/** At most `length` characters; what is cut shows. Empty becomes {@link NOT_STATED}. */
export function cut(text: string, length: number = NAME_LENGTH): string {
  if (text === '') return NOT_STATED;
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

export function note(title: string, body: string): JsonObject {
  return { title: cut(title), body: cut(body, NOTE_LENGTH) };
}
