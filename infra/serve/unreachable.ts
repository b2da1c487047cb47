import { needAuthorizer } from '../../lib/access/modes.ts';
import { keySetOf } from '../../lib/authorizer/key-sets.ts';
import { Table } from '../../lib/aws/dynamodb.ts';
import { clusterSettings } from '../../lib/clusters/kafka-cluster.ts';
import { readAccess } from '../../lib/config/access.ts';
import { readAuthorizerConfig } from '../../lib/config/authorizer.ts';
import { readConsumers } from '../../lib/config/consumers.ts';
import type { Environment } from '../../lib/config/environment-reader.ts';
import { readIdempotency } from '../../lib/config/idempotency.ts';
import { readKafka } from '../../lib/config/kafka.ts';
import { readLimits } from '../../lib/config/limits.ts';
import { readPush } from '../../lib/config/push.ts';
import { readSchemaRegistry } from '../../lib/config/schema-registry.ts';
import { GatewayError } from '../../lib/errors.ts';
import { Cluster } from '../../lib/kafka/cluster/cluster.ts';
import { listBrokers } from '../../lib/kafka/topics/describe-topics.ts';
import { RegistryClient } from '../../lib/schemas/registry/client.ts';
import { registryCredentials } from '../../lib/schemas/registry/credential-source.ts';

/** What the gateway needs besides itself, and how to find out whether it is there. */
interface Peer {
  name: string;
  /** Rejects if the peer does not serve the gateway. */
  ask(deadline: number): Promise<unknown>;
  /** What to look at then. */
  remedy: string;
}

const PATIENCE_MS = 5000;

/**
 * Asks everything that a valid configuration names: Kafka, the schema registry, the table, the issuers of tokens.
 *
 * @returns for each that does not serve the gateway, what is wrong and what to do; resolves within a few seconds
 */
export async function unreachablePeers(environment: Environment): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  const warnings = await Promise.all(peersOf(environment).map((peer) => warningOf(peer, deadline)));
  return warnings.filter((warning) => warning !== null);
}

async function warningOf({ name, ask, remedy }: Peer, deadline: number): Promise<string | null> {
  try {
    await ask(deadline);
    return null;
  } catch (error) {
    return `${name} does not serve the gateway (${reasonsOf(error).join(': ')}). ${remedy}`;
  }
}

/** The messages of an error and of its causes, each once: without that for clients, if its cause says more. */
function reasonsOf(error: unknown): string[] {
  const reasons = new Set<string>();
  for (let cause = error; cause instanceof Error; cause = cause instanceof AggregateError ? cause.errors[0] : cause.cause) {
    const isForClients = cause instanceof GatewayError && cause.cause instanceof Error;
    if (!isForClients) reasons.add(cause.message || cause.name);
  }
  return [...reasons];
}

function peersOf(environment: Environment): Peer[] {
  return [...kafkaIn(environment), ...registryIn(environment), ...tableIn(environment), ...issuersIn(environment)];
}

function kafkaIn(environment: Environment): Peer[] {
  const kafka = readKafka(environment);
  // Only callers have credentials.
  if (kafka.passthrough !== null) return [];
  const ask = async (deadline: number): Promise<void> => {
    const cluster = new Cluster(clusterSettings(kafka));
    try {
      await listBrokers(cluster, deadline);
    } finally {
      cluster.retire();
    }
  };
  const name = `Kafka at ${kafka.bootstrapServers.join()}`;
  return [{ name, ask, remedy: 'Check KAFKA_BOOTSTRAP_SERVERS, KAFKA_SECURITY_PROTOCOL and the credentials.' }];
}

function registryIn(environment: Environment): Peer[] {
  const registry = readSchemaRegistry(environment);
  if (registry === null) return [];
  const { urls, ca } = registry;
  const ask = async (): Promise<void> => {
    const credentials = registryCredentials(registry.credentials, readKafka(environment).secret);
    const { status } = await new RegistryClient({ urls, ca, credentials }).send('GET', ['config']);
    // A registry may let the gateway use schemas, but not see settings.
    if (status !== 200 && status !== 403) throw new Error(`GET /config was answered with ${status}`);
  };
  return [{ name: `The schema registry at ${urls.join()}`, ask, remedy: 'Check SCHEMA_REGISTRY_URL, with its path, and the credentials.' }];
}

function tableIn(environment: Environment): Peer[] {
  const [table] = [readIdempotency, readLimits, readPush, readConsumers].flatMap((read) => read(environment)?.table ?? []);
  if (table === undefined) return [];
  const ask = (deadline: number) => new Table(table).getItem({ Key: { pk: { S: 'start' } } }, deadline);
  return [{ name: `The table ${table}`, ask, remedy: 'Check GATEWAY_TABLE, AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB and the credentials.' }];
}

function issuersIn(environment: Environment): Peer[] {
  if (!needAuthorizer(readAccess(environment).modes)) return [];
  const { jwt } = readAuthorizerConfig(environment);
  return (jwt?.issuers ?? []).map(({ issuer, jwksUrl }) => ({
    name: `The issuer ${issuer}`,
    ask: async () => (await keySetOf(issuer, jwksUrl)()).reload(),
    remedy: 'Check GATEWAY_JWT_ISSUER and GATEWAY_JWT_JWKS_URL.',
  }));
}
