import { kafkaConfig } from '../../config/kafka.ts';
import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { expires } from '../../deadline.ts';
import { registrySilent } from '../../messages/schemas.ts';
import { RegistryClient } from '../../schemas/registry/client.ts';
import { registryCredentials } from '../../schemas/registry/credential-source.ts';
import { SchemaRegistry } from '../../schemas/registry/schema-registry.ts';
import { SchemaCodecs } from '../../schemas/schema-codecs.ts';

/** The most schemas that one request may choose: each may need a call to the registry. */
export const MOST_SCHEMAS = 100;

let codecs: SchemaCodecs | undefined;

/** The codecs of the configured registry; they live as long as the process. */
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
 * Waits for the registry until a deadline at most. The registry's own time limits may run from an earlier request that waits for the same
 * answer.
 *
 * @throws {GatewayError} RegistryUnavailable
 */
export async function within<Value>(deadline: number, promise: Promise<Value>): Promise<Value> {
  if (!(await expires(promise, deadline))) return promise;
  throw registrySilent();
}
