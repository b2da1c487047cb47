import { parseArgs } from 'node:util';
import { runCommand } from '../run-command.ts';
import { startSharedKafka } from './start-shared-kafka.ts';

// Runs a command with its own Kafka, and ends with the command's exit code:
//   node test/harness/kafka/with-kafka.ts -- node --test test/integration/produce/*.test.ts
// The command finds the broker's listeners in TEST_KAFKA_… (see shared-kafka.ts). If those are already set, it shares that broker.

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) throw new Error('Usage: node test/harness/kafka/with-kafka.ts -- <command> [argument…]');

const kafka = await startSharedKafka();
try {
  process.exitCode = await runCommand(positionals, kafka.environment);
} finally {
  await kafka.stop();
}
