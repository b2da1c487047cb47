import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originForm } from '../../../../infra/local/offline-as-lambda.ts';

for (const [target, expected] of [
  ['http://127.0.0.1:8082/topics?limit=1', '/topics?limit=1'],
  ['HTTPS://gateway.example/topics/a%2Eb/', '/topics/a%2Eb/'],
  ['http://gateway.example', '/'],
  ['http://gateway.example?a=/b', '/?a=/b'],
  ['/topics?next=http://x/y', '/topics?next=http://x/y'],
  [undefined, '/'],
]) {
  test(`the request target ${target} is ${expected}`, () => {
    assert.equal(originForm(target), expected);
  });
}
