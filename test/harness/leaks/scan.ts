import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../run-command.ts';
import { knownSecrets } from './secrets.ts';

// Runs a suite, then searches all output of its processes, above all the gateway's log, for credentials and contents of records.
//   node test/harness/leaks/scan.ts -- node --import ./test/harness/leaks/output.ts --test test/integration/*.test.ts
// Ends with the suite's exit code, or with 1 if it has found something.

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) throw new Error('Usage: node test/harness/leaks/scan.ts -- <command> [argument…]');

const directory = await mkdtemp(join(tmpdir(), 'output-'));
try {
  const code = await runCommand(positionals, { TEST_OUTPUT_DIRECTORY: directory });
  const leaks = await findLeaks();
  for (const leak of leaks) console.error(leak);
  process.exitCode = code === 0 && leaks.length > 0 ? 1 : code;
} finally {
  await rm(directory, { recursive: true });
}

async function findLeaks(): Promise<string[]> {
  const names = await readdir(directory);
  const textsOf = (kind: string) =>
    Promise.all(names.filter((name) => name.endsWith(kind)).map((name) => readFile(join(directory, name), 'utf8')));
  const secrets = new Set([...knownSecrets, ...(await textsOf('.secrets')).flatMap(linesOf).map((line): string => JSON.parse(line))]);
  const lines = (await textsOf('.output')).flatMap(linesOf);
  console.log(`Of ${secrets.size} credentials and contents of records, none may be in ${lines.length} lines of output.`);
  const output = lines.join('\n');
  // Also in JSON, which escapes quotes and line breaks.
  const found = [...secrets].filter((secret) => output.includes(secret) || output.includes(JSON.stringify(secret).slice(1, -1)));
  return found.map((secret) => `LEAKED: ${JSON.stringify(secret)} in ${lines.find((line) => line.includes(secret)) ?? 'JSON'}`);
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
