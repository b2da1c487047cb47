import type { Sasl, SaslExchange } from 'kafkajs/src/network/connection.js';
import { type CredentialSource, derived } from '../../../credentials/credential-source.ts';
import { SaslRefusal } from '../../sasl-refusal.ts';
import { exchange } from './exchange.ts';

/** A token for OAUTHBEARER, usually a JWT. */
export interface BearerToken {
  value: string;
}

const SEPARATOR = '\x01';

/**
 * OAUTHBEARER (RFC 7628, KIP-255). kafkajs's own ignores the broker's answer; this one throws for a refusal in either form. When a
 * session is renewed, it sends the token that is current by then.
 *
 * @param extensions SASL extensions (KIP-342), such as Confluent Cloud's `logicalCluster` and `identityPoolId`
 */
export const oauthBearer = (
  tokens: CredentialSource<BearerToken>,
  extensions: Readonly<Record<string, string>> = {},
): CredentialSource<Sasl> =>
  derived(tokens, (first) => {
    let next: BearerToken | null = first;
    return {
      mechanism: 'oauthbearer',
      authenticationProvider: ({ saslAuthenticate }) => ({
        async authenticate() {
          const { value } = next ?? (await tokens.current());
          next = null;
          await present(value, extensions, saslAuthenticate);
        },
      }),
    };
  });

/** @throws {SaslRefusal} when the broker refuses the token */
async function present(token: string, extensions: Readonly<Record<string, string>>, saslAuthenticate: SaslExchange): Promise<void> {
  const pairs = Object.entries(extensions).map(([name, value]) => `${SEPARATOR}${name}=${value}`);
  const answer = await exchange(saslAuthenticate, `n,,${SEPARATOR}auth=Bearer ${token}${pairs.join('')}${SEPARATOR}${SEPARATOR}`);
  // RFC 7628, section 3.2.2: a server refuses with a challenge, and sends an error only after the client has answered that.
  if (answer.length > 0) throw new SaslRefusal(`broker refuses the token: ${answer.toString('utf8', 0, 500)}`);
}
