import { Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface HostPort {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/u;
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9A-Fa-f:]{2,45}$/u;
const HOST_PORT = /^(?:\[(?<v6>[0-9A-Fa-f:.]{2,45})\]|(?<name>[A-Za-z0-9.-]{1,253})):(?<port>\d{1,5})$/u;

/** Reads variables one by one and keeps every problem, by name. What was wrong comes out as its default. */
export class Reader {
  readonly #environment: Environment;
  readonly #problems: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  get problems(): readonly string[] {
    return this.#problems;
  }

  text(name: string, fallback: string): string {
    return this.#given(name) ?? fallback;
  }

  name(name: string, fallback: string): string {
    return this.#matching(name, NAME, '1 to 64 of a-z 0-9 . _ -, letter or digit first and last') ?? fallback;
  }

  flag(name: string): boolean {
    const given = this.#given(name);
    if (given === undefined || given === '0' || given === 'false') return false;
    if (given !== '1' && given !== 'true') this.#complain(name, 'is not one of 1, 0, true, false');
    return true;
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const given = this.#given(name);
    if (given === undefined) return fallback;
    const choice = choices.find((known) => known === given);
    if (choice === undefined) this.#complain(name, `is not one of ${choices.join(', ')}`);
    return choice ?? fallback;
  }

  /** A whole number from `min` to `max`, or `null` when not set. */
  integer(name: string, { min, max }: { readonly min: number; readonly max: number }): number | null {
    const given = this.#matching(name, /^\d{1,15}$/u, `a whole number from ${min} to ${max}`);
    if (given === null) return null;
    const value = Number(given);
    if (value >= min && value <= max) return value;
    this.#complain(name, `is not a whole number from ${min} to ${max}`);
    return null;
  }

  hostPort(name: string, fallback: HostPort): HostPort {
    const wanted = 'host:port, such as 127.0.0.1:7480 or [::1]:7480';
    const parts = HOST_PORT.exec(this.#matching(name, HOST_PORT, wanted) ?? '')?.groups;
    if (parts === undefined) return fallback;
    const port = Number(parts['port']);
    if (port > 65_535) this.#complain(name, 'has a port above 65535');
    return { host: parts['v6'] ?? parts['name'] ?? fallback.host, port };
  }

  /** Names or addresses, separated by commas. */
  hostNames(name: string, fallback: readonly string[]): readonly string[] {
    const given = this.#given(name);
    if (given === undefined) return fallback;
    const names = given.split(',').map((part) => part.trim());
    if (names.length > 32 || names.some((part) => !HOST_NAME.test(part)))
      this.#complain(name, 'is not a list of at most 32 host names or addresses, separated by commas');
    return names;
  }

  secret(name: string): Secret | null {
    const given = this.#given(name);
    return given === undefined ? null : new Secret(given);
  }

  secretUrl(name: string, protocols: readonly string[]): Secret | null {
    const given = this.#given(name);
    if (given === undefined) return null;
    const url = parseUrl(given);
    if (url === null || !protocols.includes(url.protocol))
      this.#complain(name, `is not a URL that starts with ${protocols.join('// or ')}//`);
    return new Secret(given);
  }

  /** An http(s) URL without credentials, query or fragment; comes back without a slash at its end. */
  baseUrl(name: string, fallback: string): string {
    const given = this.#given(name);
    if (given === undefined) return fallback;
    const url = parseUrl(given);
    const plain =
      url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '' && url.host !== '';
    if (!plain || !/^https?:$/u.test(url.protocol))
      this.#complain(name, 'is not a plain http:// or https:// URL');
    return given.replace(/\/+$/u, '');
  }

  /** An http(s) URL without credentials or fragment, as it was given, or `null` when not set. */
  httpUrl(name: string): string | null {
    const given = this.#given(name);
    if (given === undefined) return null;
    const url = parseUrl(given);
    const plain = url !== null && `${url.username}${url.password}${url.hash}` === '' && url.host !== '';
    if (!plain || !/^https?:$/u.test(url.protocol))
      this.#complain(name, 'is not an http:// or https:// URL without credentials');
    return given;
  }

  #given(name: string): string | undefined {
    const value = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined;
    return value === undefined || value.trim() === '' ? undefined : value;
  }

  #matching(name: string, pattern: RegExp, wanted: string): string | null {
    const given = this.#given(name);
    if (given === undefined) return null;
    if (pattern.test(given)) return given;
    this.#complain(name, `is not ${wanted}`);
    return null;
  }

  #complain(name: string, problem: string): void {
    this.#problems.push(`${name} ${problem}`);
  }
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
