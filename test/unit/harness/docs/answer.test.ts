import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf } from '../../../harness/docs/answer.ts';
import { blocksOf } from '../../../harness/docs/markdown.ts';

test('whitespace between tokens of JSON does not matter; within strings it does', () => {
  assert.equal(differenceOf('json', '{"a": [1,\n 2]}', '{"a":[1,2]}'), null);
  assert.notEqual(differenceOf('json', '{"a":"b c"}', '{"a":"bc"}'), null);
});

test('digits of numbers matter', () => {
  assert.notEqual(differenceOf('json', '{"a":1.50}', '{"a":1.5}'), null);
});

test('an ellipsis stands for any text, whether in a string or not', () => {
  assert.equal(differenceOf('json', '{"a":"x…","b":[…],"c":…}', '{"a":"xyz","b":[1,"2"],"c":null}'), null);
  assert.notEqual(differenceOf('json', '{"a":"x…"}', '{"a":"yz"}'), null);
});

test('the first second of 2026 stands for any time, and for nothing else', () => {
  assert.equal(differenceOf('json', '[1767225600000,"2026-01-01T00:00:00.000Z"]', '[1800000000123,"2027-02-03T04:05:06.789Z"]'), null);
  assert.notEqual(differenceOf('json', '[1767225600000]', '[-1]'), null);
});

test('a message has the status, the headers and the body of the page, and may have other headers', () => {
  const actual = 'HTTP/1.1 200 OK\r\nDate: now\r\nKafka-Next-Offset: 42\r\n\r\n[]';

  assert.equal(differenceOf('http', 'HTTP/2 200\nkafka-next-offset: 42\n\n[ ]', actual), null);
  assert.match(differenceOf('http', 'HTTP/1.1 404 Not Found', actual) ?? '', /"HTTP\/1.1 404 Not Found" is not in/);
  assert.match(differenceOf('http', 'HTTP/1.1 200 OK\nkafka-next-offset: 43', actual) ?? '', /"kafka-next-offset: 43" is not in/);
  assert.match(differenceOf('http', 'HTTP/1.1 200 OK\n\n[1]', actual) ?? '', /expected \[1\]/);
});

test('blocks have their language, text and line', () => {
  const page = 'a\n```sh\ncurl\n```\n```json\n{}\n[]\n```\n';

  assert.deepEqual(blocksOf(page), [
    { language: 'sh', text: 'curl\n', line: 2 },
    { language: 'json', text: '{}\n[]\n', line: 5 },
  ]);
});
