import type { RegistryCredentials } from '../schemas/registry/credentials.ts';
import { type Environment, EnvironmentReader } from './environment-reader.ts';

/** How the gateway speaks to the schema registry. Read apart from the rest, as only some deployments have one. */
export interface SchemaRegistryConfig {
  /** PEM certificates of a private CA; null for the public ones. */
  ca: string | null;
  /** Null: in the secret, if there is one. */
  credentials: RegistryCredentials | null;
  /** False: the schemas that requests bring have to be in the registry already. */
  autoRegister: boolean;
}

let current: SchemaRegistryConfig | undefined;

/** That of this process. @see readSchemaRegistry */
export function schemaRegistryConfig(): SchemaRegistryConfig {
  current ??= readSchemaRegistry(process.env);
  return current;
}

/** @throws {GatewayError} InternalError; its cause names every variable that is wrong */
export function readSchemaRegistry(environment: Environment): SchemaRegistryConfig {
  const reader = new EnvironmentReader(environment);
  const read: SchemaRegistryConfig = {
    ca: reader.certificates('SCHEMA_REGISTRY_SSL_CA'),
    credentials: readCredentials(reader),
    autoRegister: reader.oneOf('SCHEMA_REGISTRY_AUTO_REGISTER', ['true', 'false'], 'true') === 'true',
  };
  reader.throwProblems();
  return read;
}

function readCredentials(reader: EnvironmentReader): RegistryCredentials | null {
  const username = reader.text('SCHEMA_REGISTRY_USERNAME');
  const password = reader.verbatim('SCHEMA_REGISTRY_PASSWORD');
  const token = reader.text('SCHEMA_REGISTRY_TOKEN');
  if (username === null && password === null) return token === null ? null : { token };
  if (username !== null && password !== null && token === null) return { username, password };
  return reader.problem('set SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD, or SCHEMA_REGISTRY_TOKEN, or none of them', null);
}
