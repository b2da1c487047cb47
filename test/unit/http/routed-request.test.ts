import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receive } from '../../../lib/events/http-api.ts';
import { RoutedRequest } from '../../../lib/http/routed-request.ts';
import { httpEvent } from '../../harness/events/http-event.ts';

const routed = (...event: Parameters<typeof httpEvent>) => new RoutedRequest(receive(httpEvent(...event), {}), 1_000);

test('a request has its route, its path parameters and its caller', () => {
  const request = routed('GET', '/topics/orders/partitions/3/offsets', { authorizer: { iam: { userArn: 'arn:a' } } });

  assert.equal(request.method, 'GET');
  assert.equal(request.route, 'GET /topics/{topic}/partitions/{partition}/offsets');
  assert.deepEqual([request.path.topic, request.path.partition], ['orders', 3]);
  assert.equal(request.principal, 'arn:a');
  assert.equal(request.deadline, 1_000);
});

test('a request is there since API Gateway received it, else since this process did, whose clock may be behind', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 5_000_000 });
  const since = (requestContext: object) => {
    const { arrivedAt, since } = routed('GET', '/topics', requestContext);
    return [arrivedAt, since];
  };

  assert.deepEqual(
    [since({ timeEpoch: 4_999_000 }), since({ timeEpoch: 5_009_000 }), since({})],
    [
      [4_999_000, 4_999_000],
      [5_009_000, 5_000_000],
      [null, 5_000_000],
    ],
  );
});

test('a path that reads as another route than the one API Gateway chose is refused', () => {
  const asked = (routeKey: string) => () =>
    new RoutedRequest(receive({ ...httpEvent('DELETE', '/groups/x/offsets'), routeKey }, {}), 1_000);

  assert.throws(asked('DELETE /groups/{group}'), { name: 'BadRequest', message: /escaped slash/ });
  for (const routeKey of ['DELETE /groups/{group}/offsets', 'DELETE /groups/{rest+}', '$default']) {
    assert.equal(asked(routeKey)().route, 'DELETE /groups/{group}/offsets');
  }
});

test('HEAD is for the route of GET', () => {
  const request = routed('HEAD', '/topics/orders');

  assert.deepEqual([request.method, request.route], ['HEAD', 'GET /topics/{topic}']);
  const event = { ...httpEvent('HEAD', '/groups/x/offsets'), routeKey: 'HEAD /groups/{group}' };
  assert.throws(() => new RoutedRequest(receive(event, {}), 1_000), { name: 'BadRequest', message: /escaped slash/ });
});

test('HEAD does not take records from a consumer', () => {
  const asked = () => routed('HEAD', '/consumers/g/instances/i/records');

  assert.throws(asked, { name: 'MethodNotAllowed', headers: { allow: 'GET' } });
});

test('the media type is without parameters, and null where there is none', () => {
  const mediaType = (contentType: unknown) => routed('POST', '/records', { headers: { 'content-type': contentType } }).mediaType;

  assert.equal(mediaType('Application/VND.kafka.json.v2+json; charset=utf-8'), 'application/vnd.kafka.json.v2+json');
  assert.equal(mediaType(''), null);
  assert.equal(mediaType('; charset=utf-8'), null);
  assert.equal(mediaType(undefined), null);
});

test('the base of URLs is the one that the caller used', () => {
  const headers = { host: 'gateway.example', 'x-forwarded-proto': 'https' };

  assert.equal(routed('GET', '/dev/topics', { headers, stage: 'dev' }).baseUrl, 'https://gateway.example/dev');
  assert.equal(routed('GET', '/topics', { headers }).baseUrl, 'https://gateway.example');
});

test('the query is read when it is asked for', () => {
  const broken = routed('GET', '/topics', { query: '%' });

  assert.deepEqual(routed('GET', '/topics', { query: 'a=1' }).query, new Map([['a', ['1']]]));
  assert.throws(() => broken.query, { name: 'BadRequest' });
});

test('the body is decoded, up to the limit given', async () => {
  const request = routed('POST', '/records', { body: 'YWJj', isBase64Encoded: true });

  assert.equal((await request.body()).toString(), 'abc');
  await assert.rejects(request.body(2), { name: 'TooLarge' });
});

test('what is to be done at its end is done once, in order', async () => {
  const request = routed('GET', '/topics');
  const done: number[] = [];
  for (const n of [1, 2]) request.onEnd(() => void done.push(n));
  assert.deepEqual(done, []);

  await request.end();
  await request.end();

  assert.deepEqual(done, [1, 2]);
});

test('an event that is none of an HTTP API is refused with what is missing', () => {
  assert.throws(() => new RoutedRequest(receive({ httpMethod: 'GET', path: '/topics' }, {}), 0), {
    name: 'BadRequest',
    message: /payload format 2\.0.*requestContext\.http\.method is missing/,
  });
});
