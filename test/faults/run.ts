import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { packageFunctions } from '../harness/lambda/package-functions.ts';
import { allCases } from './cases/index.ts';
import { startFaultCluster } from './fault-cluster.ts';
import { queueFaults } from './queue-faults.ts';
import { runCase } from './run-case.ts';
import { full, short } from './scale.ts';
import { type Result, report } from './table.ts';
import { broken } from './verdict.ts';

// Runs every fault under load, on a cluster of its own, and prints what became of the records:
//   node test/faults/run.ts [--runs 3] [--short] [part of a fault's name …]
// Ends with 1 when a fault did to clients what it must not do. How long anything took is printed next to its goal, and no more.

const options = { runs: { type: 'string', default: '3' }, short: { type: 'boolean', default: false } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const wanted = allCases.filter(({ fault }) => positionals.length === 0 || positionals.some((part) => fault.name.includes(part)));
const scale = values.short ? short : full;

// The functions die with this process only if it ends in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

await packageFunctions();
await using cluster = await startFaultCluster(scale);
const results: Result[] = [];
for (const one of wanted) {
  const { fault, shape } = one;
  const result: Result = { case: one, runs: [] };
  results.push(result);
  for (let run = 1; run <= Number(values.runs); run++) {
    const findings = await runCase(cluster, one, scale);
    result.runs.push(findings);
    const problems = broken(fault, findings);
    if (problems.length > 0) process.exitCode = 1;
    console.error([`${run} of ${values.runs}: ${fault.name}, ${shape.partitions} × ${shape.records}`, ...problems].join('\n  '));
  }
}
console.log(report(results));
if (positionals.length === 0 || positionals.includes('queues')) {
  for (const [what, problems] of await queueFaults()) {
    console.log(what);
    if (problems.length > 0) process.exitCode = 1;
    for (const problem of problems) console.error(`  ${problem}`);
  }
}
// Each of the consumers' runs, where groups are kept and who commits, for a quarter of an hour.
const { GATEWAY_CHAOS_S = values.short ? '12' : '900', STREAM_RECONNECTS = values.short ? '60' : '1000' } = process.env;
for (const [name, ...files] of [
  ['consumers', 'consumer-chaos.test.ts', 'consumer-failover.test.ts'],
  ['streams', 'streams.test.ts'],
] as const) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const tests = [...process.execArgv, '--test', '--test-concurrency=1', ...files.map((file) => `test/faults/${file}`)];
  const env = { ...process.env, GATEWAY_CHAOS_S, STREAM_RECONNECTS };
  const { status } = spawnSync(process.execPath, tests, { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
}
