import { resolve } from 'node:path';
import { startBroker } from './broker.ts';
import { createExampleTopic, usage } from './example.ts';
import { startGateway } from './gateway.ts';
import { kafkaVersion } from './jars.ts';
import { isFree } from './ports.ts';
import { users } from './properties.ts';

// npm start: a Kafka, unless KAFKA_BOOTSTRAP_SERVERS names one, and the gateway in front of it, until Ctrl-C.
//   PORT              port of the gateway; 8082 unless set
//   GATEWAY_AUTH      passthrough, for callers with Kafka credentials of their own; anyone may call unless it is set
//   KAFKA_LOCAL_DATA  directory that keeps Kafka's data between starts; fresh data each time unless set

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
  const passesOn = process.env.GATEWAY_AUTH === 'passthrough';
  const kafka = process.env.KAFKA_BOOTSTRAP_SERVERS ? undefined : await startKafka(passesOn);
  const gateway = await startGateway(port, { ...kafka, GATEWAY_AUTH: passesOn ? 'passthrough' : 'none' });
  started.push(gateway);

  const caller = passesOn ? (kafka === undefined ? 'user:password' : `alice:${users.alice}`) : null;
  if (kafka !== undefined) await createExampleTopic(gateway.url, caller);
  console.log(usage(gateway.url, kafka === undefined, caller));
  console.log(`READY ${gateway.url}`);

  await gateway.ended;
  if (!ending) throw new Error('The gateway ended by itself; its output says why.');
}

/**
 * @param withUsers whether it knows its clients by name and password
 * @returns the environment variables that lead to it
 */
async function startKafka(withUsers: boolean): Promise<Record<string, string>> {
  const data = process.env.KAFKA_LOCAL_DATA;
  const protocol = withUsers ? 'SASL_PLAINTEXT' : 'PLAINTEXT';
  const broker = await startBroker({
    listeners: [protocol],
    // The functions' default, so that `serverless invoke local` finds it.
    preferredPort: KAFKA_PORT,
    ...(data ? { dataDir: resolve(data) } : {}),
  });
  started.push(broker);
  console.log(`Apache Kafka ${kafkaVersion} at ${broker.bootstrapServers}`);
  const reached = { KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers, KAFKA_SECURITY_PROTOCOL: protocol };
  return withUsers ? { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', ...reached } : reached;
}

async function portFrom(text: string): Promise<number> {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`PORT must be a number from 1 to 65535, not ${text}.`);
  if (!(await isFree(port))) throw new Error(`Port ${port} is in use. Choose another one: PORT=${port + 1} npm start`);
  return port;
}

/** Stops what was started, the latest first. What is only being started goes with this process. */
async function end(code: number): Promise<void> {
  // npm passes on the signal that the terminal has sent to all of us anyway.
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(code), STOP_TIMEOUT_MS).unref();
  for (const part of started.reverse()) await part.stop();
  process.exit(code);
}
