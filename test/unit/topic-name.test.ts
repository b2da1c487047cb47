import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTopicName, topicName } from '../../lib/topic-name.ts';

for (const name of ['a', 'orders', 'Orders-2.eu_west', '...', '-', '_', '__consumer_offsets', 'x'.repeat(249)]) {
  test(`${name.slice(0, 20)} is a topic name`, () => {
    assert.equal(topicName(name), name);
    assert.ok(isTopicName(name));
  });
}

for (const name of ['', '.', '..', 'a b', 'a/b', 'ü', 'a\n', '\0', 'a,b', '%41', 'x'.repeat(250), '../../etc', '<script>']) {
  test(`${JSON.stringify(name.slice(0, 20))} is no topic name`, () => {
    assert.ok(!isTopicName(name));
    assert.throws(() => topicName(name), {
      name: 'InvalidArgument',
      status: 400,
      code: 40002,
      message: /is not a topic name: use 1 to 249 letters/,
    });
  });
}

test('a refused topic name is not repeated raw', () => {
  const refuse = () => topicName('evil\r\nx-header: 1\u202e');

  assert.throws(refuse, { message: /^"evil\?\?x-header: 1\?" is not a topic name/ });
});
