import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startRegistry } from '../harness/schema-registry/registry.ts';

// Runs a command with a schema registry of its own, and ends with the command's exit code. The command finds it in TEST_REGISTRY_URL:
//   node test/registry/with-registry.ts -- node --test test/registry/*.test.ts

const [command, ...parameters] = process.argv.slice(process.argv[2] === '--' ? 3 : 2);
const registry = await startRegistry();
try {
  const child = spawn(command, parameters, { stdio: 'inherit', env: { ...process.env, TEST_REGISTRY_URL: registry.url } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
} finally {
  await registry.stop();
}
