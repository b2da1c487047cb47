import { kafkaCredentialsMalformed, kafkaCredentialsMissing } from '../messages/callers.ts';

/** Credentials as an `Authorization` header has them. */
export type CallerCredentials = { scheme: 'Basic'; username: string; password: string } | { scheme: 'Bearer'; token: string };

/** HTTP authentication schemes. */
export type Scheme = CallerCredentials['scheme'];

const challenges: Record<Scheme, string> = { Basic: 'Basic realm="Kafka", charset="UTF-8"', Bearer: 'Bearer realm="Kafka"' };

const BASE64 = /^[\w+/-]+={0,2}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 forbids them, and NUL separates the parts of SASL's PLAIN
const USER_AND_PASSWORD = /^([^:\x00-\x1f\x7f]+):([^\x00-\x1f\x7f]*)$/;
/** RFC 6750, section 2.1: none of its characters has a meaning in SASL's OAUTHBEARER. */
const TOKEN = /^[\w.~+/-]+=*$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads an `Authorization` header: Basic with UTF-8 (RFC 7617), or Bearer (RFC 6750).
 *
 * @param offered the schemes that are accepted
 * @throws {GatewayError} Unauthorized, with the challenges of those schemes
 */
export function readAuthorization(header: string | undefined, offered: readonly Scheme[]): CallerCredentials {
  const [name, value = ''] = (header ?? '').split(/ +(.*)/s);
  const scheme = offered.find((one) => one.toLowerCase() === name.toLowerCase());
  if (scheme === undefined) {
    const headers = { 'www-authenticate': offered.map((one) => challenges[one]).join(', ') };
    throw kafkaCredentialsMissing.with({ headers }, offered.join(' or '));
  }
  if (scheme === 'Bearer' && TOKEN.test(value)) return { scheme, token: value };
  const [, username, password] = (scheme === 'Basic' && USER_AND_PASSWORD.exec(textOf(value))) || [];
  if (scheme === 'Basic' && username !== undefined) return { scheme, username, password };
  throw kafkaCredentialsMalformed.with({ headers: challengeOf(scheme) }, scheme);
}

/** The header for refusing a caller's credentials. */
export const challengeOf = (scheme: Scheme): { 'www-authenticate': string } => ({
  'www-authenticate': challenges[scheme] + (scheme === 'Bearer' ? ', error="invalid_token"' : ''),
});

/** The text in base64; empty if it is not UTF-8. */
function textOf(base64: string): string {
  try {
    return BASE64.test(base64) ? utf8.decode(Buffer.from(base64, 'base64')) : '';
  } catch {
    return '';
  }
}
