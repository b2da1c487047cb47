import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../lib/errors.ts';
import { api } from '../../../lib/http/api.ts';
import { matchRoute } from '../../../lib/http/router.ts';

test('every route of the API is found', () => {
  for (const key of api) {
    const [method, pattern] = key.split(' ');

    const path = pattern
      .replace('{topic}', 'orders')
      .replace('{topics}', 'orders,payments')
      .replace('{partition}', '7')
      .replace('{cluster}', 'a%2Fb');

    const match = matchRoute(
      method,
      path
        .replace('{broker}', '3')
        .replace('{consumer}', 'c%2F1')
        .replace('{config}', 'retention.ms')
        .replace('{group}', 'billing')
        .replace('{subscription}', 'hook'),
    );

    assert.equal(match.route, key);
    if (key.includes('{topic}')) assert.equal(match.path.topic, 'orders');
    if (key.includes('{partition}')) assert.equal(match.path.partition, 7);
    if (key.includes('{cluster}')) assert.equal(match.path.cluster, 'a/b');
    if (key.includes('{broker}')) assert.equal(match.path.broker, 3);
    if (key.includes('{subscription}')) assert.equal(match.path.subscription, 'hook');
    if (key.includes('{config}')) assert.equal(match.path.config, 'retention.ms');
    if (key.includes('{consumer}')) assert.equal(match.path.consumer, 'c/1');
    if (key.includes('{topics}')) assert.deepEqual(match.path.topics, ['orders', 'payments']);
    if (key.includes('{group}')) assert.equal(match.path.group, 'billing');
  }
});

test('a route is found again for any topic and partition, escaped in any way', () => {
  const topic = fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/).filter((name) => name !== '.' && name !== '..');
  const escaped = (text: string, mask: number) =>
    [...text].map((char, i) => ((mask >> (i % 30)) & 1 ? `%${char.charCodeAt(0).toString(16).padStart(2, '0')}` : char)).join('');

  fc.assert(
    fc.property(topic, fc.nat(2 ** 31 - 1), fc.nat(), fc.nat(3), (name, partition, mask, slashes) => {
      const path = `/topics/${escaped(name, mask)}/partitions/${escaped(String(partition), mask)}/records${'/'.repeat(slashes)}`;

      assert.deepEqual(matchRoute('GET', path), {
        route: 'GET /topics/{topic}/partitions/{partition}/records',
        path: {
          topic: name,
          topics: [],
          partition,
          group: '',
          instance: '',
          cluster: '',
          broker: -1,
          config: '',
          consumer: '',
          subscription: '',
          file: '',
        },
      });
    }),
  );
});

for (const path of ['', '/', '//', '////']) {
  test(`${JSON.stringify(path)} is the root`, () => {
    assert.equal(matchRoute('GET', path).route, 'GET /');
  });
}

test('trailing slashes are ignored', () => {
  assert.equal(matchRoute('GET', '/topics/').route, 'GET /topics');
  assert.equal(matchRoute('POST', '/topics/orders///').route, 'POST /topics/{topic}');
  assert.equal(matchRoute('GET', '/health/ready/').route, 'GET /health/ready');
});

test('a topic may be named like a part of the path', () => {
  assert.deepEqual(matchRoute('GET', '/topics/partitions/partitions').path.topic, 'partitions');
  assert.deepEqual(matchRoute('GET', '/topics/offsets').route, 'GET /topics/{topic}');
});

for (const path of [
  '/nope',
  '/admin',
  '/Topics',
  '//topics',
  'topics',
  'xtopics',
  '/topics//offsets',
  '/topics//partitions/0',
  '/topics/orders/partitions//offsets',
  '/topics/orders/nope',
  '/topics/orders/partitions/0/offsets/1',
  '/topics/../brokers',
  '/./topics',
  '/topics%2Forders',
  '/health/ready/now',
  '/__proto__',
  '/constructor',
  '/topics/orders/toString',
]) {
  test(`nothing is at ${path}`, () => {
    assert.throws(() => matchRoute('GET', path), {
      name: 'RouteNotFound',
      status: 404,
      code: 404,
      message: /^There is nothing at ".*": use one of the paths that GET \/openapi\.json lists$/s,
    });
  });
}

test('an escaped slash stays inside its segment', () => {
  assert.throws(() => matchRoute('GET', '/topics/a%2Fb'), { name: 'InvalidArgument', message: /^"a\/b" is not a topic name/ });
  assert.throws(() => matchRoute('GET', '/topics/a%2Fpartitions'), { name: 'InvalidArgument' });
});

test('a segment is decoded once', () => {
  assert.throws(() => matchRoute('GET', '/topics/%2561'), { name: 'InvalidArgument', message: /^"%61" is not/ });
});

test('dots that would climb are no topic, escaped or not', () => {
  for (const path of ['/topics/..', '/topics/%2e%2e', '/topics/.%2E', '/topics/%2e/partitions']) {
    assert.throws(() => matchRoute('GET', path), { name: 'InvalidArgument' });
  }
});

test('a pattern is not a path', () => {
  assert.throws(() => matchRoute('GET', '/topics/{topic}'), { name: 'InvalidArgument' });
  assert.throws(() => matchRoute('GET', '/topics/orders/partitions/{partition}'), { name: 'PartitionNotFound' });
});

for (const path of ['/topics/%', '/topics/%zz', '/topics/%ff', '/topics/%C3%28', '/%E0%A4%A']) {
  test(`${path} has a broken escape`, () => {
    assert.throws(() => matchRoute('GET', path), { name: 'BadRequest', status: 400, code: 400 });
  });
}

test('a wrong method is told what the path takes', () => {
  assert.throws(() => matchRoute('DELETE', '/topics/orders'), {
    name: 'MethodNotAllowed',
    status: 405,
    message: 'The method is not allowed at "/topics/orders": use GET, POST',
    headers: { allow: 'GET, POST' },
  });
  assert.throws(() => matchRoute('GET', '/records'), { headers: { allow: 'POST' } });
  assert.throws(() => matchRoute('HEAD', '/topics'), { headers: { allow: 'GET' } });
});

test('what a client calls a method does not reach Allow', () => {
  for (const method of ['GET\r\nx-evil: 1', 'get', '', '__proto__', 'toString']) {
    assert.throws(() => matchRoute(method, '/topics'), { name: 'MethodNotAllowed', headers: { allow: 'GET' } });
  }
});

test('an illegal topic counts less than an unknown route and a wrong method', () => {
  assert.throws(() => matchRoute('GET', '/topics/a b/nope'), { name: 'RouteNotFound' });
  assert.throws(() => matchRoute('DELETE', '/topics/a b'), { name: 'MethodNotAllowed' });
});

test('whatever the path, the outcome is a route or an error of ours', () => {
  const segment = fc.oneof(
    fc.constantFrom('topics', 'partitions', 'offsets', 'records', '', '.', '..', '%', '%2f', '%00', '0'),
    fc.string(),
  );
  const path = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(segment).map((segments) => `/${segments.join('/')}`),
  );

  fc.assert(
    fc.property(fc.constantFrom('GET', 'POST'), path, (method, text) => {
      try {
        const { path: parameters } = matchRoute(method, text);
        assert.match(parameters.topic, /^[a-zA-Z0-9._-]{0,249}$/);
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error));
      }
    }),
  );
});

test('a path of a hundred thousand slashes or segments is refused like any other', () => {
  assert.equal(matchRoute('GET', '/'.repeat(100_000)).route, 'GET /');
  assert.throws(() => matchRoute('GET', `/${'a/'.repeat(100_000)}`), { name: 'RouteNotFound' });
});

test('several topics are separated by commas, and a star leaves them to a pattern', () => {
  const topicsOf = (list: string) => matchRoute('GET', `/topics/${list}/records`).path.topics;

  assert.deepEqual(topicsOf('orders,payments,orders'), ['orders', 'payments']);
  assert.deepEqual(topicsOf('orders%2Cpayments'), ['orders', 'payments']);
  assert.deepEqual(topicsOf('*'), []);
  for (const wrong of ['orders,', ',', 'orders,,payments', 'a b', '*,a', '..']) {
    assert.throws(() => topicsOf(wrong), { name: 'InvalidArgument' });
  }
});

test('a group may be called anything, and its name is decoded once', () => {
  assert.equal(matchRoute('GET', '/groups/a%2Fb%20%2541').path.group, 'a/b %41');
  assert.equal(matchRoute('GET', '/groups/offsets/offsets').path.group, 'offsets');
  assert.equal(matchRoute('PUT', '/groups/%C3%BC/offsets/').path.group, 'ü');
  assert.throws(() => matchRoute('POST', '/groups/g/offsets'), { headers: { allow: 'GET, PUT, DELETE' } });
});
