import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../harness/lambda/api-gateway.ts';
import { harmlessFunctions, mainRequest, startGateway } from '../harness/lambda/deployed-function.ts';

for (const name of harmlessFunctions) {
  test(`${name} without KAFKA_BOOTSTRAP_SERVERS starts, answers 500 and logs what to set`, async (t) => {
    const fn = await startGateway(t, name, {});

    const response = await send(fn, mainRequest(name, 'topic'));
    await fn.stop();

    assert.equal(response.status, 500);
    assert.equal(response.json<{ error_code: number }>().error_code, 500);
    assert.match(fn.logs.join('\n'), /KAFKA_BOOTSTRAP_SERVERS/);
  });
}
