import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type FunctionRow, functions } from '../../../../infra/functions.ts';
import { routesOf } from '../../../../infra/template/routes.ts';

const row = (changes: Partial<FunctionRow>): FunctionRow => ({ ...functions.openapi, ...changes });

suite('a function is reached', () => {
  test('by its routes, and with a trailing slash by a greedy one each', () => {
    assert.deepEqual(routesOf(row({ routes: ['GET /docs', 'GET /topics/{topic}/offsets'] })), [
      'GET /docs',
      'GET /topics/{topic}/offsets',
      'GET /docs/{rest+}',
      'GET /topics/{topic}/offsets/{rest+}',
      'HEAD /docs',
      'HEAD /topics/{topic}/offsets',
      'HEAD /docs/{rest+}',
      'HEAD /topics/{topic}/offsets/{rest+}',
    ]);
  });

  test('by one greedy route for all that begin alike', () => {
    assert.deepEqual(routesOf(row({ routes: ['POST /topics/{topic}', 'POST /topics/{topic}/partitions/{partition}'] })), [
      'POST /topics/{topic}',
      'POST /topics/{topic}/partitions/{partition}',
      'POST /topics/{topic}/{rest+}',
    ]);
  });

  test('by the greedy route before a colon, which API Gateway does not take', () => {
    assert.deepEqual(routesOf(row({ routes: ['POST /v3/clusters/{cluster}/topics/{topic}/records:batch'] })), [
      'POST /v3/clusters/{cluster}/topics/{topic}/{rest+}',
    ]);
  });

  test('where it reads several topics, under the name that others have for one', () => {
    assert.deepEqual(routesOf(row({ routes: ['GET /topics/{topics}/records'] })), [
      'GET /topics/{topic}/records',
      'GET /topics/{topic}/records/{rest+}',
      'HEAD /topics/{topic}/records',
      'HEAD /topics/{topic}/records/{rest+}',
    ]);
  });

  test('by wider routes as well', () => {
    assert.deepEqual(routesOf(row({ routes: ['GET /groups', 'GET /groups/{group}'], wider: ['GET /groups/{rest+}'] })), [
      'GET /groups',
      'GET /groups/{group}',
      'GET /groups/{rest+}',
      'HEAD /groups',
      'HEAD /groups/{group}',
      'HEAD /groups/{rest+}',
    ]);
  });

  test('by wider routes alone, where they take the place of its own', () => {
    assert.deepEqual(routesOf(row({ routes: ['GET /', 'GET /v3/clusters'], wider: ['GET /v3/{rest+}', '*'], widerInstead: true })), [
      'GET /',
      'GET /v3/{rest+}',
      '*',
    ]);
  });
});
