import type { Sasl, SaslExchange } from 'kafkajs/src/network/connection.js';
import { type CredentialSource, derived } from '../../../credentials/credential-source.ts';
import { SaslRefusal } from '../../sasl-refusal.ts';

/** A token for OAUTHBEARER; a JWT most often. */
export interface BearerToken {
  value: string;
}

const SEPARATOR = '\x01';

/**
 * OAUTHBEARER (RFC 7628, KIP-255). kafkajs's own ignores what the broker answers; here its refusal is one, whichever way it comes.
 * A session that has to be renewed asks for the token that is current by then.
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
  const message = Buffer.from(`n,,${SEPARATOR}auth=Bearer ${token}${pairs.join('')}${SEPARATOR}${SEPARATOR}`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(message.length);
  const answer = await saslAuthenticate({
    request: { encode: async () => Buffer.concat([length, message]) },
    // Four bytes of length are in front.
    response: { decode: async (bytes) => bytes.subarray(4), parse: async (bytes) => bytes },
  });
  // RFC 7628, section 3.2.2: a server says no by a challenge, which the client would have to answer to hear an error.
  if (answer.length > 0) throw new SaslRefusal(`broker refuses the token: ${answer.toString('utf8', 0, 500)}`);
}
