import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { operationsOf, parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { exampleRequests, send } from '../../harness/openapi/requests.ts';
import { createWorld, type World } from '../../harness/openapi/world.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { LIMITED, provocationsOf } from './provocations.ts';

const limits = [{ kind: 'fixed-window', key: 'principal', limit: 1, window: 3600, principals: [LIMITED] }];

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
  suite(`${named.route} answers as described`, () => {
    for (const [i, { status, what }] of provocationsOf(named, exampleRequests(written, named)[0]).entries()) {
      test(`with ${status} to ${what}`, async () => {
        const operation = world.operations[place];
        const [example] = exampleRequests(world.description, operation);
        const { parameters, body, parts, times = 1 } = provocationsOf(operation, example)[i];
        const request = await world.prepared(operation, { ...example, ...(body !== undefined && { body }) });
        const refused = { ...request, parameters: { ...request.parameters, ...parameters } };

        for (let sent = 1; sent < times; sent++) await send(operation, refused, parts);
        const answer = await send(operation, refused, parts);

        assert.equal(answer.status, status, answer.text);
        world.conformity.assertDescribed(operation, answer);
      });
    }
  });
}
