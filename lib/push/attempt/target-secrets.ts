import { type FetchSecret, Secret, type SecretMembers, secretsManager } from '../../aws/secrets.ts';
import type { Definition } from '../subscription/subscription.ts';
import { type Signer, signerOf } from './signature.ts';

/** Secrets are read again after this time, so that new versions take effect soon. */
const LIFETIME_MS = 5 * 60_000;

/** What an OAuth 2.0 client needs to get tokens. */
export interface TokenClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
  readonly audience: string | null;
}

/** The values of a subscription's secrets. All methods throw CredentialsUnavailable. */
export interface TargetSecrets {
  signers(): Promise<readonly Signer[]>;
  /** The value of the `Authorization` header; null where none is sent, or where it needs a token. */
  authorization(): Promise<string | null>;
  tokenClient(): Promise<TokenClient | null>;
  /** Reads the secret again whose header, or client, was refused: true if another try is worth it, as with one that was rotated. */
  renew(refused: string | TokenClient): Promise<boolean>;
}

/**
 * Reads the secrets that a subscription names. Each is a JSON object whose member `origin` must equal the URL's origin: otherwise a
 * subscriber could make the gateway send, or sign with, another endpoint's secret for their own.
 */
export function targetSecrets({ url, auth, signing }: Definition, fetchSecret: FetchSecret): TargetSecrets {
  const { origin } = new URL(url);
  const secret = <Held>(name: string, read: (members: SecretMembers) => Held): Secret<Held> =>
    new Secret(
      name,
      fetchSecret,
      (members) => {
        if (members.origin !== origin) throw new Error(`its member "origin" must be ${origin}, that of the subscription's url`);
        return read(members);
      },
      LIFETIME_MS,
    );

  const keys = [signing.secret, ...(signing.previous === null ? [] : [signing.previous])].map((name) =>
    secret(name, (members) => signerOf(textOf(members, 'key'))),
  );
  const header =
    auth.type === 'basic'
      ? secret(auth.secret, (members) => `Basic ${base64(`${textOf(members, 'username')}:${textOf(members, 'password')}`)}`)
      : auth.type === 'bearer'
        ? secret(auth.secret, (members) => `Bearer ${textOf(members, 'token')}`)
        : null;
  const client = auth.type === 'oauth2' ? secret(auth.secret, clientIn) : null;
  return {
    signers: () => Promise.all(keys.map((key) => key.current())),
    authorization: async () => (await header?.current()) ?? null,
    tokenClient: async () => (await client?.current()) ?? null,
    renew: async (refused) => (await (typeof refused === 'string' ? header?.renew(refused) : client?.renew(refused))) ?? false,
  };
}

/** Reads secrets from Secrets Manager, unless there are local ones. */
export const secretsFrom = (local: Readonly<Record<string, string>> | null): FetchSecret =>
  local === null ? secretsManager(null) : async (name) => local[name];

const clientIn = (members: SecretMembers): TokenClient => ({
  tokenUrl: textOf(members, 'token_url'),
  clientId: textOf(members, 'client_id'),
  clientSecret: textOf(members, 'client_secret'),
  scope: members.scope === undefined ? null : textOf(members, 'scope'),
  audience: members.audience === undefined ? null : textOf(members, 'audience'),
});

/** Refuses line breaks, which would end the header. */
function textOf(members: SecretMembers, name: string): string {
  const text = members[name];
  if (typeof text === 'string' && /^[^\r\n\0]+$/.test(text)) return text;
  throw new Error(`it must hold the member "${name}", a string`);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
