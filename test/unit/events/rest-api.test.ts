import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { receive } from '../../../lib/events/http-api.ts';
import { asHttpApi } from '../../../lib/events/rest-api.ts';
import { httpEvent } from '../../harness/events/http-event.ts';
import { restApiEvent } from '../../harness/lambda/rest-api.ts';

const received = (event: object) => receive(asHttpApi(event), {});

suite('an event of a REST API', () => {
  test('is the request that the client has sent', () => {
    const { method, path, queryString, headers, sourceAddress } = received(
      restApiEvent('GET', '/topics/a,b/records?from=earliest&header.a=x%26y&header.a=z', {
        headers: { Host: ['abc.example'], Accept: ['text/event-stream', 'application/json'] },
      }),
    );

    assert.deepEqual([method, path, sourceAddress], ['GET', '/topics/a,b/records', '192.0.2.1']);
    assert.equal(queryString, 'from=earliest&header.a=x%26y&header.a=z');
    assert.deepEqual(headers, { host: 'abc.example', accept: 'text/event-stream,application/json' });
  });

  test('has a query even where a parameter is half of a surrogate pair', () => {
    const event = { httpMethod: 'GET', path: '/topics/orders/records', multiValueQueryStringParameters: { filter: ['\ud800', 'a b'] } };

    assert.equal(received(event).queryString, 'filter=%EF%BF%BD&filter=a+b');
  });

  for (const front of ['/streams', '/v1/streams', '']) {
    test(`has ${front || 'nothing'} in front of the API's paths`, () => {
      const { path, stagePath } = received(restApiEvent('GET', '/topics/orders/records', { front }));

      assert.deepEqual([path, stagePath], ['/topics/orders/records', front]);
    });
  }

  test('says of its caller what the authorizer has said', () => {
    const authorizer = { principalId: 'alice', mode: 'basic', expiresAt: '1000' };

    const { caller } = received(restApiEvent('GET', '/topics/orders/records', { authorizer, userArn: 'arn:aws:iam::1:user/bob' }));

    assert.deepEqual(caller, { principal: 'alice', mode: 'basic', grants: null, expiresAt: 1000 });
  });

  test('says of its caller whose AWS credentials have signed it', () => {
    const { caller } = received(restApiEvent('GET', '/topics/orders/records', { userArn: 'arn:aws:iam::1:user/bob' }));

    assert.deepEqual([caller.principal, caller.mode], ['arn:aws:iam::1:user/bob', 'iam']);
  });

  test('says nothing of a caller who is not known', () => {
    assert.equal(received(restApiEvent('GET', '/topics/orders/records')).caller.principal, null);
  });
});

test('an event of an HTTP API, or of a function URL, stays as it is', () => {
  const event = httpEvent('GET', '/topics/orders/records');

  assert.equal(asHttpApi(event), event);
});

test('what is no event at all does not throw', () => {
  for (const event of [null, undefined, 7, {}, { httpMethod: 'GET' }]) assert.equal(receive(asHttpApi(event), {}).path, '');
});
