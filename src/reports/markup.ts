/** Text that is markup already; only {@link markup} and {@link raw} make it, so nothing unescaped slips in. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type MarkupPart = string | number | null | undefined | false | Markup | readonly MarkupPart[];

/**
 * A template whose values are escaped for HTML and XML text and for attributes in double quotes. Lists are joined;
 * `null`, `undefined` and `false` vanish.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupPart[]): Markup {
  return new Markup(strings.map((text, index) => text + written(values[index])).join(''));
}

/** For constant text of ours only, such as a style sheet. */
export function raw(constant: string): Markup {
  return new Markup(constant);
}

function written(part: MarkupPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return escapeText(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeText(text: string): string {
  return makeVisible(text).replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}

/** Replaces what XML 1.0 cannot carry and what turns the reading direction. @see XML 1.0 §2.2 */
export function makeVisible(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff\p{Surrogate}]/gu, '\ufffd')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
