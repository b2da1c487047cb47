import { resolve } from 'node:path';
import { ambiguity, ambiguousGrants } from '../../lib/access/ambiguous-grants.ts';
import { parseGrants } from '../../lib/access/grants.ts';
import { parseModes } from '../../lib/access/modes.ts';
import { isWord } from '../../lib/config/environment-reader.ts';
import { checkConfiguration } from '../serve/check-configuration.ts';
import { unreachablePeers } from '../serve/unreachable.ts';
import { startBroker } from './broker.ts';
import { createExampleTopic, usage } from './example.ts';
import { startGateway } from './gateway.ts';
import { kafkaVersion } from './jars.ts';
import { isFree, portInUse } from './ports.ts';
import { users } from './properties.ts';

// npm start: starts Kafka, unless KAFKA_BOOTSTRAP_SERVERS names one, and the gateway in front of it, until Ctrl-C.
//   GATEWAY_AUTH      who may call: jwt, basic, api-key, passthrough, as on AWS; by default anyone
//   PORT              port of the gateway, by default 8082. The WebSocket has the next port
//   KAFKA_LOCAL_DATA  directory that keeps Kafka's data between starts; by default fresh data each time

const KAFKA_PORT = 9092;
const STOP_TIMEOUT_MS = 10_000;

const started: { stop(): Promise<void> }[] = [];
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end(1);
}

async function start(): Promise<void> {
  const port = await portFrom(process.env.PORT || '8082');
  const auth = process.env.GATEWAY_AUTH || 'none';
  const isOpen = isOpenTo(auth);
  const passesOn = isWord(auth, 'passthrough');
  const startsKafka = !process.env.KAFKA_BOOTSTRAP_SERVERS;
  const environment = { GATEWAY_RECEIPT_KEY: 'made at the start', ...process.env, GATEWAY_AUTH: auth };
  await checkConfiguration({ ...environment, ...(startsKafka && variablesFor(`127.0.0.1:${KAFKA_PORT}`, passesOn)) });
  const kafka = startsKafka ? await startKafka(passesOn) : undefined;
  const [gateway, unreachable] = await Promise.all([startGateway(port, kafka ?? {}), unreachablePeers({ ...environment, ...kafka })]);
  started.push(gateway);

  const caller = passesOn ? (kafka === undefined ? 'user:password' : `alice:${users.alice}`) : null;
  const hasExample = kafka !== undefined && (isOpen || passesOn);
  if (hasExample) await createExampleTopic(gateway.url, caller);
  console.log(usage(gateway.url, !hasExample, caller));
  if (!passesOn) console.log(`The commands of lib/pubsub/pubsub.proto, as base64 or JSON in text frames: ${gateway.socketUrl}\n`);
  if (isOpen) console.log('WARNING: the gateway is open to everyone on this machine. GATEWAY_AUTH=basic asks who they are.');
  else if (!passesOn) console.log('Callers must say who they are: add -u <user>:<password>, or a header, to these commands.');
  for (const warning of [...unreachable, ...unclearGrants(auth)]) console.log(`WARNING: ${warning}`);
  console.log(`READY ${gateway.url}`);

  await gateway.ended;
  if (!ending) throw new Error('The gateway ended by itself; its output says why.');
}

/** A warning of grants that do not say for which mode they are; none if all do. */
function unclearGrants(auth: string): string[] {
  const unclear = ambiguousGrants(parseGrants(process.env.GATEWAY_GRANTS || '[]'), parseModes(auth));
  return unclear.length > 0 ? [ambiguity(unclear)] : [];
}

/** @returns whether anyone may call */
function isOpenTo(auth: string): boolean {
  const modes = parseModes(auth);
  if (modes.includes('iam') || modes.includes('mtls')) {
    throw new Error(`GATEWAY_AUTH=${auth} needs API Gateway. Here it can be jwt, basic, api-key, passthrough, or none.`);
  }
  return modes.includes('none');
}

/** The environment variables to connect to a local Kafka. */
function variablesFor(bootstrapServers: string, withUsers: boolean): Record<string, string> {
  return {
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServers,
    ...(withUsers
      ? { KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT', KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' }
      : { KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' }),
  };
}

/**
 * @param withUsers whether Kafka authenticates clients by name and password
 * @returns the environment variables to connect to it
 */
async function startKafka(withUsers: boolean): Promise<Record<string, string>> {
  const data = process.env.KAFKA_LOCAL_DATA;
  const broker = await startBroker({
    listeners: [withUsers ? 'SASL_PLAINTEXT' : 'PLAINTEXT'],
    // The functions' default port, so that `serverless invoke local` finds Kafka.
    preferredPort: KAFKA_PORT,
    ...(data ? { dataDir: resolve(data) } : {}),
  });
  started.push(broker);
  console.log(`Apache Kafka ${kafkaVersion} at ${broker.bootstrapServers}`);
  return variablesFor(broker.bootstrapServers, withUsers);
}

async function portFrom(text: string): Promise<number> {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`PORT must be a number from 1 to 65535, not ${text}.`);
  if (!(await isFree(port).catch(notAllowed))) throw new Error(portInUse(port));
  return port;

  function notAllowed(cause: NodeJS.ErrnoException): never {
    if (cause.code !== 'EACCES') throw cause;
    throw new Error(`This process may not open port ${port}. Choose another one, from 1024 on: PORT=8082 npm start`, { cause });
  }
}

/** Stops what was started, the latest first. What is still starting dies with this process. */
async function end(code: number): Promise<void> {
  // npm forwards the signal, although the terminal has sent it to all processes already.
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(code), STOP_TIMEOUT_MS).unref();
  for (const part of started.reverse()) await part.stop();
  process.exit(code);
}
