import type { RegistryCredentials } from '../schemas/registry/credentials.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';

/** The addresses of the schema registry, and the settings of requests to it. */
export interface SchemaRegistryConfig {
  /** Addresses of the same registry. */
  urls: string[];
  /** PEM certificates of a private CA; null for public CAs. */
  ca: string | null;
  /** Null: in the secret, if there is one. */
  credentials: RegistryCredentials | null;
  /** False: schemas in requests must already be in the registry. */
  autoRegister: boolean;
}

/** Null without a registry. */
export const readSchemaRegistry = section((reader): SchemaRegistryConfig | null => {
  const urls = reader.urls('SCHEMA_REGISTRY_URL');
  if (urls === null) return null;
  return {
    urls,
    ca: reader.certificates('SCHEMA_REGISTRY_SSL_CA'),
    credentials: readCredentials(reader),
    autoRegister: reader.oneOf('SCHEMA_REGISTRY_AUTO_REGISTER', ['true', 'false'], 'true') === 'true',
  };
});

/**
 * The section of the schema registry in this process; null without formats that need schemas.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const schemaRegistryConfig = ofProcess(readSchemaRegistry);

function readCredentials(reader: EnvironmentReader): RegistryCredentials | null {
  const username = reader.text('SCHEMA_REGISTRY_USERNAME');
  const password = reader.verbatim('SCHEMA_REGISTRY_PASSWORD');
  const token = reader.text('SCHEMA_REGISTRY_TOKEN');
  if (username === null && password === null) return token === null ? null : { token };
  if (username !== null && password !== null && token === null) return { username, password };
  return reader.problem('set SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD, or SCHEMA_REGISTRY_TOKEN, or none of them', null);
}
