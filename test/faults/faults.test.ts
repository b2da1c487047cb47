import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { packageFunctions } from '../bench/package-functions.ts';
import { eachFault } from './cases/index.ts';
import { type FaultCluster, startFaultCluster } from './fault-cluster.ts';
import { runCase } from './run-case.ts';
import { short } from './scale.ts';
import { report } from './table.ts';
import { broken } from './verdict.ts';

suite('under steady load nothing is lost, doubled, disordered or misread', () => {
  let cluster: FaultCluster;

  before(async () => {
    await packageFunctions();
    cluster = await startFaultCluster(short);
  });

  after(() => cluster[Symbol.asyncDispose]());

  for (const one of eachFault) {
    test(one.fault.name, async (t) => {
      const findings = await runCase(cluster, one, short);

      t.diagnostic(report([{ case: one, runs: [findings] }]));
      assert.deepEqual(broken(one.fault, findings), []);
    });
  }
});
