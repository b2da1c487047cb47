import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { estimate, type Load, requestsOf, totalOf } from '../../../../infra/cost/model.ts';

const load: Load = {
  ...{ requests: 1e9, peak: 3, ms: 10, cpuMs: 1, memory: 512, kilobytes: 1, logKilobytes: 1.048576, metrics: 10, writes: 0, nats: 0 },
};

/** To the cent. */
const rounded = (bill: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(bill).map(([what, usd]) => [what, Math.round(usd * 100) / 100]));

suite('the cost of a month', () => {
  test('is what each service takes for a billion requests', () => {
    assert.deepEqual(rounded(estimate(load).lambda), {
      'api gateway': 300 + 630,
      invocations: 200,
      // 1e9 requests of 10 ms on half a gigabyte are 5 million GB-seconds.
      duration: 66.67,
      // A terabyte, of 1024 gigabytes less what rounding to kilobytes takes.
      logs: 500,
      metrics: 3,
      ...{ dynamodb: 0, nat: 0 },
    });
  });

  test('has a request of API Gateway for each 512 KB, and a write for each item', () => {
    const { lambda } = estimate({ ...load, requests: 1e6, kilobytes: 600, writes: 2 });

    assert.deepEqual([lambda['api gateway'], lambda.dynamodb], [2, 1.25]);
  });

  test('has the hours of NAT gateways without requests, too', () => {
    const { nat } = rounded(estimate({ ...load, requests: 1, kilobytes: 0, nats: 2 }).lambda);

    assert.equal(nat, 65.7);
  });

  test('of containers is that of two, however few the requests, and cheaper than Lambda only for many', () => {
    const [few, many] = [estimate({ ...load, requests: 1e6 }), estimate(load)];

    assert.equal(few.tasks, 2);
    assert.ok(totalOf(few.containers) > totalOf(few.lambda));
    assert.ok(totalOf(many.containers) < totalOf(many.lambda));
  });
});

suite('the scale of a month', () => {
  test('is the instances of the busiest hour, of which each has a connection to a broker', () => {
    const { scale } = estimate({ ...load, requests: requestsOf(1e6, 60), ms: 15 });

    assert.deepEqual(
      [Math.round(scale.requestsPerSecond.mean), Math.round(scale.requestsPerSecond.peak), scale.instances],
      [16_667, 50_000, 750],
    );
    assert.deepEqual([scale.ofMskConnections, scale.secondsToConnect], [0.25, 7.5]);
  });

  test('makes provisioned concurrency cheaper only where three fifths of it work', () => {
    assert.equal(Math.round(estimate(load).provisionedFrom * 100), 60);
  });
});
