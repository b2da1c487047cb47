/**
 * Compares a response with a page's: `…` matches any text; the first second of 2026, as Unix milliseconds or in ISO 8601, matches any time.
 * Whitespace between JSON tokens does not matter; digits do.
 *
 * @param language of the block with the page's response: `json`, `text`, or `http` (a status, some headers, and a body) for `curl -i`
 * @returns the difference; null without one
 */
export function differenceOf(language: string, expected: string, actual: string): string | null {
  return language === 'http' ? differenceOfMessage(expected, actual) : differenceOfBody(expected, actual);
}

function differenceOfMessage(expected: string, actual: string): string | null {
  const [head, body] = cut(expected);
  const [actualHead, actualBody] = cut(actual.replaceAll('\r\n', '\n'));
  const lines = actualHead.split('\n');
  for (const [i, line] of head.split('\n').entries()) {
    // `npm start` answers with HTTP/1.1, API Gateway with HTTP/2.
    const wanted = i === 0 ? line.replace(/^HTTP\/\S+ (\d+).*/, 'HTTP/… $1…') : line.replace(/^[^:]+/, (name) => name.toLowerCase());
    const pattern = toPattern(wanted);
    const isThere =
      i === 0 ? pattern.test(lines[0]) : lines.some((one) => pattern.test(one.replace(/^[^:]+/, (name) => name.toLowerCase())));
    if (!isThere) return `"${line}" is not in:\n${actualHead}\n\n${actualBody}`;
  }
  return body === '' ? null : differenceOfBody(body, actualBody);
}

function differenceOfBody(expected: string, actual: string): string | null {
  const [wanted, given] = isJson(expected) ? [compact(expected), compact(actual)] : [expected.trim(), actual.trim()];
  return toPattern(wanted).test(given) ? null : `expected ${wanted}\nbut got  ${given}`;
}

const isJson = (text: string): boolean => /^\s*[[{]/.test(text);

/** JSON without whitespace between tokens. Anything else, such as `…`, stays unchanged. */
const compact = (text: string): string => text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string?: string) => string ?? '');

function cut(message: string): [head: string, body: string] {
  const end = message.indexOf('\n\n');
  return end < 0 ? [message.trimEnd(), ''] : [message.slice(0, end), message.slice(end + 2)];
}

const ANY = '[^]*?';
const MILLISECONDS = /1767225600000/g;
const ISO_8601 = /2026-01-01T00:00:00\\\.000Z/g;

function toPattern(text: string): RegExp {
  const source = text
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('…', ANY)
    .replaceAll(MILLISECONDS, '\\d{13}')
    .replaceAll(ISO_8601, '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z');
  return new RegExp(`^${source}$`);
}
