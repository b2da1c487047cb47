import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { operationsOf, parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { exampleRequests, send, titleOf } from '../../harness/openapi/requests.ts';
import { createWorld, type World } from '../../harness/openapi/world.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';

/** Of no consequence, but for the headers that say so. */
const limits = [{ kind: 'fixed-window', key: 'all', limit: 1_000_000, window: 3600 }];

let push: PushWorld;
let world: World;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), {
    ...push.environment,
    GATEWAY_IDEMPOTENCY: '1h',
    GATEWAY_LIMITS: JSON.stringify(limits),
  });
  world = await createWorld(push);
});
after(() => push?.stop());

const written = parseDescription(readDescriptionText());

for (const [place, named] of operationsOf(written).entries()) {
  const examples = exampleRequests(written, named);

  suite(`${named.route}, as the description shows it`, () => {
    for (const [i, example] of examples.entries()) {
      test(`is answered as described, with ${titleOf(named, example)} (${i + 1})`, async () => {
        const operation = world.operations[place];
        const request = await world.prepared(operation, exampleRequests(world.description, operation)[i]);

        const answer = await send(operation, request);

        assert.ok(answer.status < 300, `${answer.status} ${answer.text}`);
        world.conformity.assertDescribed(operation, answer);
      });
    }

    test('has an example of its body and of every parameter', () => {
      for (const { name, example, examples: several } of named.parameters) assert.ok(example !== undefined || several !== undefined, name);
      assert.ok(examples.length > 0);
    });
  });
}
