import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchSteps } from '../../../../../lib/kafka/connection/authentication/steps.ts';

test('answers and errors of a step go on as they are, and the error is kept', async () => {
  const failure = new Error('refused');
  const connection = {
    answer: 'welcome',
    async send(exchange: object): Promise<unknown> {
      if ('fails' in exchange) throw failure;
      return this.answer;
    },
  };

  const steps = watchSteps(connection);

  assert.equal(await connection.send({}), 'welcome');
  assert.equal(steps.failure, undefined);
  await assert.rejects(connection.send({ fails: true }), failure);
  assert.equal(steps.failure, failure);
});
