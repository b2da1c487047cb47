import { parseArgs } from 'node:util';
import { runCommand } from '../run-command.ts';
import { startRegistry } from './registry.ts';

// Runs a command with its own schema registry, and ends with the command's exit code. The command finds it in TEST_REGISTRY_URL:
//   node test/harness/schema-registry/with-registry.ts -- node --test test/registry/*.test.ts

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) throw new Error('Usage: node test/harness/schema-registry/with-registry.ts -- <command> [argument…]');

const registry = await startRegistry();
try {
  process.exitCode = await runCommand(positionals, { TEST_REGISTRY_URL: registry.url });
} finally {
  await registry.stop();
}
