import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { certificates } from '../../../infra/local/certificates.ts';

// Runs a command with a Kafka of its own, and ends with the command's exit code:
//   node test/harness/kafka/with-kafka.ts -- node --test test/integration/*.test.ts
// The command finds the broker's listeners in TEST_KAFKA_… (see shared-kafka.ts). Where those are set already, it shares that broker.

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) throw new Error('Usage: node test/harness/kafka/with-kafka.ts -- <command> [argument…]');

const shared = process.env.TEST_KAFKA_BOOTSTRAP_SERVERS !== undefined;
const broker = shared ? undefined : await startBroker({ listeners: ['PLAINTEXT', 'SASL_PLAINTEXT', 'SSL', 'SASL_SSL'] });
try {
  process.exitCode = await runCommand(positionals, broker === undefined ? {} : await environmentOf(broker));
} finally {
  await broker?.stop();
}

async function environmentOf(kafka: Broker): Promise<Record<string, string>> {
  const { caFile } = await certificates();
  return {
    TEST_KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
    TEST_KAFKA_SASL_PLAINTEXT: kafka.address('SASL_PLAINTEXT'),
    TEST_KAFKA_SSL: kafka.address('SSL'),
    TEST_KAFKA_SASL_SSL: kafka.address('SASL_SSL'),
    TEST_KAFKA_CA_FILE: caFile,
  };
}

/** Passes signals on to the command, so that it ends first and the broker after it. */
function runCommand([command, ...parameters]: string[], environment: Record<string, string>): Promise<number> {
  const child = spawn(command, parameters, { stdio: 'inherit', env: { ...process.env, ...environment } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
