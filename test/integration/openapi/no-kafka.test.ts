import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { freePorts } from '../../../infra/local/ports.ts';
import { operationsOf } from '../../../lib/openapi/description.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { Conformity } from '../../harness/openapi/conformity.ts';
import { descriptionWith } from '../../harness/openapi/description.ts';
import { exampleRequests, send } from '../../harness/openapi/requests.ts';

const [port] = await freePorts(1);
configure(`127.0.0.1:${port}`, {
  ...{ GATEWAY_PUSH: 'continuous', GATEWAY_TABLE: 'gateway', AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` },
  ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' },
});

const description = descriptionWith({ orders: 'orders', payments: 'payments', billing: 'billing', shipping: 'shipping' });
const conformity = new Conformity(description);

/** Half a second of it is kept back to answer. */
const remainingMs = 1000;

suite('without Kafka, the answer is as described', () => {
  for (const operation of operationsOf(description).filter(({ operation: { responses } }) => '503' in responses)) {
    test(operation.route, async (t) => {
      captureLog(t);
      const [example] = exampleRequests(description, operation);
      const parameters = operation.operation.operationId.startsWith('fetch') ? { ...example.parameters, offset: 0 } : example.parameters;

      const answer = await send(operation, { ...example, parameters }, { remainingMs });

      // What becomes of a command is in the answer to it.
      assert.equal(answer.status, operation.route === 'POST /pubsub' ? 200 : 503, answer.text);
      conformity.assertDescribed(operation, answer);
    });
  }
});
