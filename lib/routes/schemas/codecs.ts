import { kafkaConfig } from '../../config/kafka.ts';
import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { expires } from '../../deadline.ts';
import { registrySilent } from '../../messages/schemas.ts';
import { RegistryClient } from '../../schemas/registry/client.ts';
import { registryCredentials } from '../../schemas/registry/credential-source.ts';
import { SchemaRegistry } from '../../schemas/registry/schema-registry.ts';
import { SchemaCodecs } from '../../schemas/schema-codecs.ts';

/** Schemas that one request may choose: each may have to be asked for. */
export const MOST_SCHEMAS = 100;

let codecs: SchemaCodecs | undefined;

/** Those of the registry that the gateway is configured with, kept from one request to the next. */
export function schemaCodecs(): SchemaCodecs {
  if (codecs !== undefined) return codecs;
  const registry = schemaRegistryConfig();
  if (registry === null) throw new Error('formats with schemas are served without a registry');
  const { urls, ca, autoRegister, credentials } = registry;
  const client = new RegistryClient({ urls, ca, credentials: registryCredentials(credentials, kafkaConfig().secret) });
  codecs = new SchemaCodecs(new SchemaRegistry(client), autoRegister);
  return codecs;
}

/**
 * Waits for the registry no longer than until a deadline: it has time limits of its own, which others who wait for the same answer may
 * have begun.
 *
 * @throws {GatewayError} RegistryUnavailable
 */
export async function within<Value>(deadline: number, promise: Promise<Value>): Promise<Value> {
  if (!(await expires(promise, deadline))) return promise;
  throw registrySilent();
}
