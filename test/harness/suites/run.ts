import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type SharedKafka, startSharedKafka } from '../kafka/start-shared-kafka.ts';
import { runCommand } from '../run-command.ts';
import type { Counts } from './count-reporter.ts';
import { type Result, report } from './report.ts';
import { commandOf, type Suite, suites } from './suites.ts';

// Runs suites one after another, all of them even when one fails, and tells at the end how many minutes each took and what failed:
//   node test/harness/suites/run.ts [--check] [name of a suite …]
// Without names it runs them all; with --check it runs `npm run check` before. Suites that need a Kafka share one.

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean', default: false } }, allowPositionals: true });
const unknown = positionals.filter((name) => suites.every((suite) => suite.name !== name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown}. Name some of ${suites.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const wanted = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const results: Result[] = [];
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (interrupted = true));

if (values.check) results.push(await timed('check', () => runCommand(['npm', 'run', 'check'])));
let kafka: SharedKafka | undefined;
try {
  for (const [i, suite] of wanted.entries()) {
    if (interrupted) break;
    if (suite.needs.includes('kafka')) kafka ??= await startSharedKafka();
    results.push(await run(suite, kafka?.environment));
    if (wanted.slice(i + 1).some(({ needs }) => needs.includes('kafka'))) continue;
    await kafka?.stop();
    kafka = undefined;
  }
} finally {
  await kafka?.stop();
}
console.log(`\n${report(results)}`);
process.exitCode = interrupted ? 1 : (results.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0);

async function run(suite: Suite, environment?: Record<string, string>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'suite-'));
  try {
    const file = join(directory, 'counts.json');
    const result = await timed(suite.name, async () => {
      const packaged = suite.needs.includes('zips') ? await runCommand(['npm', 'run', 'package']) : 0;
      return packaged === 0 ? await runCommand(commandOf(suite, { flags: reportersTo(file) }), environment) : packaged;
    });
    return { ...result, counts: await countsIn(file) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function reportersTo(file: string): string[] {
  return [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./test/harness/suites/count-reporter.ts',
    `--test-reporter-destination=${file}`,
  ];
}

async function countsIn(file: string): Promise<Counts | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? null : JSON.parse(text);
}

async function timed(name: string, step: () => Promise<number>): Promise<Result> {
  const start = performance.now();
  const exitCode = await step();
  return { name, ms: performance.now() - start, exitCode, counts: null };
}
