import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { captureLog } from '../../harness/events/http-event.ts';
import { type Answer, call, configure } from '../../harness/http/gateway.ts';
import { fetchPage, produceText } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const BREAK = '\r\nx-injected: 1\r\n\r\n{"level":"ERROR"}\0\u2028\u0085';

let topic: string;

before(async () => {
  topic = await createTopic();
});

/** Headers as they must be, whatever came in: names of the gateway's, values of one line. */
function assertWhole({ headers }: Answer): void {
  for (const [name, value] of Object.entries(headers)) assert.match(`${name}: ${value}`, /^[a-z-]+: [ -~]*$/);
  assert.equal(headers['x-injected'], undefined);
}

suite('no response header is broken by', () => {
  for (const [what, ask] of Object.entries<() => Promise<Answer>>({
    'the name of a topic': () => call('GET', `/topics/${encodeURIComponent(BREAK)}/partitions/0/records`, { query: { offset: 0 } }),
    'a path that nobody serves': () => call('GET', `/${BREAK}`),
    'a method': () => call(`GET${BREAK}`, '/topics'),
    'a query that goes into the link to the next page': () =>
      fetchPage(topic, 'text', `offset=0&timeout=0&limit=${encodeURIComponent(BREAK)}&a${encodeURIComponent(BREAK)}=1`),
    'parameters that nobody knows': () => fetchPage(topic, 'text', `offset=0&timeout=0&constructor=%0d%0aa:b&a%0d%0ab=%3E%3B`),
    'the media types that a client takes': () => call('GET', '/topics', { headers: { accept: `application/json${BREAK}` } }),
    'a content type': () => call('POST', `/topics/${topic}`, { headers: { 'content-type': `application/vnd.kafka.x${BREAK}` }, body: 'a' }),
    'a content encoding': () => call('POST', `/topics/${topic}`, { headers: { 'content-encoding': BREAK }, body: 'a' }),
    'an idempotency key': () => call('POST', `/topics/${topic}`, { headers: { 'idempotency-key': BREAK }, body: 'a' }),
    'the topic of a raw record': () => call('POST', '/records', { headers: { 'kafka-topic': BREAK }, body: 'a' }),
    'the partition of a raw record': () => call('POST', `/topics/${topic}`, { headers: { 'kafka-partition': BREAK }, body: 'a' }),
  })) {
    test(what, async () => {
      const answer = await ask();

      assertWhole(answer);
      assert.doesNotMatch(answer.text, /[^ -~]/);
    });
  }
});

test('keys and headers of records are stored as they came, and break nothing on their way out', async () => {
  const own = await createTopic();
  const headers = { 'content-type': 'text/plain', 'kafka-key': BREAK, [`kafka-header-a${BREAK}`]: BREAK, 'kafka-header-__proto__': 'b' };

  const produced = await call('POST', `/topics/${own}`, { headers, body: 'value' });
  const page = await fetchPage(own, 'text', { offset: 0 });

  assertWhole(produced);
  assertWhole(page);
  const [{ key, headers: stored }] = page.json;
  assert.equal(key, BREAK);
  assert.deepEqual(
    stored.map((header) => [header.key, Buffer.from(header.value ?? '', 'base64').toString()]),
    [
      [`a${BREAK}`.toLowerCase(), BREAK],
      ['__proto__', 'b'],
    ],
  );
});

test('no line of the log is broken, or holds what came in', async (t) => {
  const lines = captureLog(t);

  await call('GET', `/topics/${encodeURIComponent(BREAK)}`, { headers: { 'user-agent': BREAK } });
  await call('GET', `/${BREAK}`);
  await call(`GET${BREAK}`, '/topics');
  await produceText(topic, BREAK);
  await call('POST', `/topics/${topic}`, { headers: { 'content-type': 'application/json' }, body: `{"a":"${BREAK}` });

  assert.deepEqual(
    lines.filter(({ event }) => event === 'request').map(({ status }) => status),
    [400, 404, 405, 200, 400],
  );
  assert.ok(lines.every(({ level }) => level === 'INFO' || level === 'WARN'));
  assert.ok(!JSON.stringify(lines.map(({ method: _, ...line }) => line)).includes('x-injected'));
});
