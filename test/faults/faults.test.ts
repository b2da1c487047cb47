import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { packageFunctions } from '../harness/lambda/package-functions.ts';
import { eachFault } from './cases/index.ts';
import { type FaultCluster, startFaultCluster } from './fault-cluster.ts';
import { runCase } from './run-case.ts';
import { short } from './scale.ts';
import { type Result, report } from './table.ts';
import { broken } from './verdict.ts';

suite('under steady load nothing is lost, doubled, disordered or misread', () => {
  const results: Result[] = [];
  let cluster: FaultCluster;

  before(async () => {
    await packageFunctions();
    cluster = await startFaultCluster(short);
  });

  after(async () => {
    console.log(report(results));
    await cluster[Symbol.asyncDispose]();
  });

  for (const one of eachFault) {
    test(one.fault.name, async () => {
      const findings = await runCase(cluster, one, short);

      results.push({ case: one, runs: [findings] });
      assert.deepEqual(broken(one.fault, findings), []);
    });
  }
});
