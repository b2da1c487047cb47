import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type SharedKafka, startSharedKafka } from '../kafka/start-shared-kafka.ts';
import { runCommand } from '../run-command.ts';
import type { Counts } from './count-reporter.ts';
import { type Result, report } from './report.ts';
import { commandOf, type Suite, suites } from './suites.ts';

// Runs suites one after another, all of them even if one fails, and reports at the end the minutes and failures of each:
//   node test/harness/suites/run.ts [--check] [name of a suite …]
// Without names it runs all suites; with --check it first runs `npm run check`. Suites that need a Kafka share one. The output of a suite
// that runs beside another appears once both have ended. Each has a temporary folder of its own, and fails if it leaves something there.

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean', default: false } }, allowPositionals: true });
const unknown = positionals.filter((name) => suites.every((suite) => suite.name !== name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown}. Name some of ${suites.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const wanted = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const turns = wanted.filter(({ beside }) => wanted.every(({ name }) => name !== beside));

const start = performance.now();

const results: Result[] = [];
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (interrupted = true));

if (values.check) results.push(await timed('check', () => runCommand(['npm', 'run', 'check'])));
let kafka: SharedKafka | undefined;
// The first process compiles, mostly TypeScript, for all others.
const compiled = await mkdtemp(join(tmpdir(), 'compiled-'));
try {
  for (const [i, suite] of turns.entries()) {
    if (interrupted) break;
    if (suite.needs.includes('kafka')) kafka ??= await startSharedKafka();
    results.push(...(await runTurn(suite)));
    if (turns.slice(i + 1).some(({ needs }) => needs.includes('kafka'))) continue;
    await kafka?.stop();
    kafka = undefined;
  }
} finally {
  await kafka?.stop();
  await rm(compiled, { recursive: true, force: true });
}
console.log(`\n${report(results, performance.now() - start)}`);
process.exitCode = interrupted ? 1 : (results.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0);

/** Runs a suite, and at the same time those that may run beside it. */
async function runTurn(suite: Suite): Promise<Result[]> {
  const besides = wanted.filter(({ beside }) => beside === suite.name);
  if (besides.length === 0) return [await run(suite)];

  const directory = await mkdtemp(join(tmpdir(), 'beside-'));
  const path = join(directory, 'output.txt');
  const output = await open(path, 'w');
  const inTurn = async () => {
    const ended: Result[] = [];
    for (const other of besides) if (!interrupted) ended.push(await run(other, output.fd));
    return ended;
  };
  try {
    const [result, ended] = await Promise.all([run(suite), inTurn()]);
    process.stdout.write(await readFile(path));
    return [result, ...ended];
  } finally {
    await output.close();
    await rm(directory, { recursive: true });
  }
}

/** @param output descriptor of a file that receives its output, instead of this process's output */
async function run(suite: Suite, output?: number): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'suite-'));
  try {
    const file = join(directory, 'counts.json');
    const temporary = join(directory, 'tmp');
    await mkdir(temporary);
    const environment = { ...kafka?.environment, NODE_COMPILE_CACHE: compiled, TMPDIR: temporary };
    const result = await timed(suite.name, async () => {
      const packaged = suite.needs.includes('zips') ? await runCommand(['npm', 'run', 'package'], environment) : 0;
      if (packaged !== 0) return packaged;
      return await runCommand(commandOf(suite, { flags: reportersTo(file) }), environment, output);
    });
    const left = await readdir(temporary);
    return { ...result, exitCode: result.exitCode || Number(left.length > 0), counts: await countsIn(file), left };
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
