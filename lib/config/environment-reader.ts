import { X509Certificate } from 'node:crypto';
import { notConfigured } from '../messages/requests.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a variable is this word, as {@link EnvironmentReader.oneOf} reads words: in any case, with whitespace around it. */
export const isWord = (variable: string | null | undefined, word: string): boolean => variable?.trim().toLowerCase() === word.toLowerCase();

/** The comma-separated values of a variable, as {@link EnvironmentReader.list} reads them: without empty ones, and whitespace around them. */
export const listOf = (variable = ''): string[] =>
  variable
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** Separates the problems of a section in one message; no problem has it within. */
export const BETWEEN_PROBLEMS = '; ';

/** Reads variables and collects their problems. Messages name variables, never their values. */
export class EnvironmentReader {
  readonly #environment: Environment;
  readonly #problems: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  throwProblems(): void {
    if (this.#problems.length === 0) return;
    throw notConfigured.with({
      cause: new Error(`Configuration: ${this.#problems.join(BETWEEN_PROBLEMS)}`),
    });
  }

  /** Null if it is unset or empty. */
  text(name: string): string | null {
    return this.#environment[name]?.trim() || null;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const text = this.text(name);
    if (text === null) return otherwise;
    return choices.find((choice) => isWord(text, choice)) ?? this.problem(`${name} must be one of ${choices.join(', ')}`, otherwise);
  }

  integer(name: string, otherwise: number): number {
    const text = this.text(name);
    if (text === null) return otherwise;
    return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : this.problem(`${name} must be a whole number above 0`, otherwise);
  }

  /** A time such as `90s`, `30m`, `24h` or `7d`, in milliseconds. */
  duration(name: string, { min, max }: { min: string; max: string }): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const ms = durationOf(text);
    return ms >= durationOf(min) && ms <= durationOf(max)
      ? ms
      : this.problem(`${name} must be a time from ${min} to ${max}, as a number followed by s, m, h or d`, null);
  }

  bootstrapServers(name: string): string[] {
    const servers = (this.text(name) ?? '').split(',').map((server) => server.trim());
    const wellFormed = servers.every((server) => {
      const [, port] = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]/]+):(\d{1,5})$/.exec(server) ?? [];
      return Number(port) >= 1 && Number(port) <= 65_535;
    });
    return wellFormed ? servers : this.problem(`${name} must be host:port, several separated by commas`, []);
  }

  headerPrefix(name: string, otherwise: string): string {
    const prefix = this.#environment[name]?.trim().toLowerCase() ?? otherwise;
    return /^[\w!#$%&'*+.^`|~-]*$/.test(prefix) ? prefix : this.problem(`${name} must be what a header's name can begin with`, otherwise);
  }

  certificates(name: string): string | null {
    const text = this.pem(name);
    if (text === null) return null;
    const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    try {
      // Node silently accepts an invalid CA.
      for (const pem of certificates) new X509Certificate(pem);
    } catch {
      certificates.length = 0;
    }
    const isWhole = certificates.length === text.split('-----BEGIN CERTIFICATE-----').length - 1;
    return certificates.length > 0 && isWhole ? text : this.problem(`${name} must hold PEM certificates`, null);
  }

  /** The comma-separated values; empty if it is unset. */
  list(name: string): string[] {
    return listOf(this.#environment[name]);
  }

  /** A value with its whitespace, such as a password; null if it is unset or empty. */
  verbatim(name: string): string | null {
    return this.#environment[name] || null;
  }

  /** PEM text; `\n` may stand for line breaks. */
  pem(name: string): string | null {
    return this.text(name)?.replaceAll('\\n', '\n') ?? null;
  }

  /** `name=value`, comma-separated. */
  pairs(name: string, key: RegExp): Record<string, string> {
    const pairs = (this.text(name)?.split(',') ?? []).map((pair) => pair.trim().split(/=(.*)/s));
    const wellFormed = pairs.every(([left, right]) => key.test(left) && right);
    return wellFormed ? Object.fromEntries(pairs) : this.problem(`${name} must be name=value, several separated by commas`, {});
  }

  /** An absolute URL without credentials, which the log would show. */
  url(name: string): string | null {
    return this.urls(name)?.[0] ?? null;
  }

  /** Comma-separated URLs of this kind; null if it is unset. */
  urls(name: string): string[] | null {
    const urls = this.list(name);
    if (urls.every(isUrl)) return urls.length === 0 ? null : urls;
    return this.problem(`${name} must be an http or https URL without credentials`, null);
  }

  /** Notes a problem and returns a substitute, so that reading continues and finds all problems. */
  problem<T>(problem: string, instead: T): T {
    this.#problems.push(problem);
    return instead;
  }
}

function isUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** NaN if the text is not a duration. */
function durationOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9}) ?([smhd])$/i.exec(text) ?? [];
  return Number(digits || Number.NaN) * (unitMs[unit.toLowerCase()] ?? Number.NaN);
}
