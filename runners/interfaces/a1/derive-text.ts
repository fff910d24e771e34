const MAX_CHARS = 4096;
/** Tried in this order where a pattern leaves the choice. */
const CHARACTERS = ['a', '0', 'A', '1', '-', '_', ' ', '.', ':', '/', '@', 'b'];

/** A value of each format that JSON Schema names (validation vocabulary §7.3); worth nothing outside of a test. */
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  duration: 'PT1S',
  email: 'nobody@example.org',
  hostname: 'example.org',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'http://example.org/',
  'uri-reference': '/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** A short text of that format and pattern, as far as this simple way goes: to be checked against the schema. */
export function deriveText(
  { format, pattern }: { format?: string; pattern?: string },
  least: number,
): string {
  if (format !== undefined && Object.hasOwn(FORMATS, format)) return FORMATS[format] ?? '';
  const text = pattern === undefined ? null : new Sketch(pattern).text();
  return text ?? 'a'.padEnd(Math.min(least, MAX_CHARS), 'a');
}

/** Writes the shortest text of a regular expression without look-around and references; null when it meets one. */
class Sketch {
  readonly #pattern: string;
  #at = 0;
  #left = MAX_CHARS;

  constructor(pattern: string) {
    this.#pattern = pattern.slice(0, 256);
  }

  text(): string | null {
    const found = this.#alternatives();
    return this.#at === this.#pattern.length ? found : null;
  }

  /** The first of them; the others are read over. */
  #alternatives(): string | null {
    const first = this.#sequence();
    while (first !== null && this.#take('|')) if (this.#sequence() === null) return null;
    return first;
  }

  #sequence(): string | null {
    let text = '';
    while (this.#at < this.#pattern.length && !this.#sees('|') && !this.#sees(')')) {
      const atom = this.#atom();
      if (atom === null) return null;
      text += atom.repeat(this.#times(atom.length));
    }
    return text;
  }

  #atom(): string | null {
    if (this.#take('^') || this.#take('$')) return '';
    if (this.#take('(')) return this.#group();
    if (this.#take('.')) return 'a';
    const whole = /^(?:\[(?:\\.|[^\]\\])+\]|\\[dDwWsS]|\\[^\w\s]|[^\\[\]*+?{}])/u.exec(this.#rest)?.[0];
    if (whole === undefined) return null;
    this.#at += whole.length;
    const { fits } = oneCharacter(whole);
    return [...CHARACTERS, whole.at(-1) ?? '', whole.at(1) ?? ''].find(fits) ?? null;
  }

  #group(): string | null {
    if (this.#sees('?') && !this.#take('?:')) return null;
    const inner = this.#alternatives();
    return this.#take(')') ? inner : null;
  }

  /** How often at least, as far as there is room. */
  #times(length: number): number {
    const [given, least] = /^(?:[*?]|\+|\{(\d{1,4})(?:,\d*)?\})\??/u.exec(this.#rest) ?? [];
    if (given === undefined) return 1;
    this.#at += given.length;
    const wanted = least === undefined ? Number(given.startsWith('+')) : Number(least);
    const times = Math.min(wanted, Math.floor(this.#left / Math.max(length, 1)));
    this.#left -= times * length;
    return times;
  }

  get #rest(): string {
    return this.#pattern.slice(this.#at);
  }

  #sees(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }
}

/** A class or an escape stands for one character, so that matching takes no time, whoever wrote it. */
function oneCharacter(atom: string): { fits: (text: string) => boolean } {
  try {
    const expression = new RegExp(`^${atom}$`, 'u');
    return { fits: (text) => expression.test(text) };
  } catch {
    return { fits: () => false }; // such as [z-a]
  }
}
