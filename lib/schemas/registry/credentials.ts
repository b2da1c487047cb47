/** The gateway's credentials at a schema registry: HTTP Basic, or a bearer token. */
export type RegistryCredentials = { username: string; password: string } | { token: string };

/** The `Authorization` header. */
export const authorizationOf = (credentials: RegistryCredentials): string =>
  'token' in credentials
    ? `Bearer ${credentials.token}`
    : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;

/**
 * The credentials in a secret: `{"schema_registry_username","schema_registry_password"}` or `{"schema_registry_token"}`, beside those for
 * Kafka. Null without any of them.
 *
 * @throws {Error} when they are incomplete
 */
export function registryCredentialsIn(members: Readonly<Record<string, unknown>>): RegistryCredentials | null {
  const { schema_registry_username: username, schema_registry_password: password, schema_registry_token: token } = members;
  if (username === undefined && password === undefined && token === undefined) return null;
  if (isText(token) && username === undefined && password === undefined) return { token };
  if (isText(username) && isText(password) && token === undefined) return { username, password };
  throw new Error('it must hold "schema_registry_username" and "schema_registry_password", or "schema_registry_token", each a string');
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
