import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curlOf } from '../../../lib/openapi/curl.ts';
import type { DescribedOperation } from '../../../lib/openapi/description.ts';

const described = (method: string, parameters: DescribedOperation['parameters'] = []): DescribedOperation => ({
  route: `${method} /topics/{topic}`,
  method,
  path: '/topics/{topic}',
  operation: { operationId: 'it', tags: [], summary: '', responses: {} },
  parameters: [{ name: 'topic', in: 'path', required: true, schema: {}, example: 'a b' }, ...parameters],
});

test('a GET has what its path and its page need', () => {
  const command = curlOf(described('GET', [{ name: 'offset', in: 'query', schema: {}, examples: { one: { value: 0 } } }]));

  assert.equal(command, 'curl "$GATEWAY/topics/a%20b?offset=0"');
});

test('a body comes with its type, safe in a shell', () => {
  const command = curlOf(described('POST'), ['application/json', { schema: {}, example: { a: "it's" } }]);

  assert.equal(command, `curl "$GATEWAY/topics/a%20b" \\\n  -H 'Content-Type: application/json' \\\n  -d '{"a":"it'\\''s"}'`);
});

test('any other method is named', () => {
  assert.equal(curlOf(described('DELETE')), 'curl -X DELETE "$GATEWAY/topics/a%20b"');
});
