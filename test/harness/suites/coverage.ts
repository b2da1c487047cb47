import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { type Coverage, raised, uncovered } from './coverage-floor.ts';
import { commandOf, suites } from './suites.ts';

// npm run coverage: how much of lib/ and infra/ the unit tests run. It fails below the floor in coverage-floor.json. If the coverage has
// risen, it raises the floor: commit that file with the tests that did it.

const floorFile = join(import.meta.dirname, 'coverage-floor.json');
const unit = suites.filter(({ name }) => name === 'unit');
const directory = await mkdtemp(join(tmpdir(), 'coverage-'));
try {
  const file = join(directory, 'coverage.json');
  const flags = [
    '--experimental-test-coverage',
    '--test-coverage-include=lib/**',
    '--test-coverage-include=infra/**',
    '--test-reporter=dot',
    '--test-reporter-destination=stdout',
    '--test-reporter=./test/harness/suites/coverage-reporter.ts',
    `--test-reporter-destination=${file}`,
  ];
  const exitCode = await runCommand(commandOf(unit[0], { flags }));
  const coverage: Coverage = JSON.parse(await readFile(file, 'utf8'));
  const floor: Coverage = JSON.parse(await readFile(floorFile, 'utf8'));
  console.log(`\nCovered, in percent: ${JSON.stringify(coverage)}; the floor is ${JSON.stringify(floor)}`);
  const missing = uncovered(coverage, floor);
  for (const kind of missing) console.error(`Unit tests cover too few ${kind}: ${coverage[kind]} %, not ${floor[kind]} %. Add tests.`);
  if (exitCode === 0 && missing.length === 0) await writeFile(floorFile, `${JSON.stringify(raised(coverage, floor), null, 2)}\n`);
  process.exitCode = exitCode !== 0 ? exitCode : missing.length > 0 ? 1 : 0;
} finally {
  await rm(directory, { recursive: true });
}
