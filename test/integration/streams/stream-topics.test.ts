import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { letHold } from '../../../lib/config/running.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, deleteTopic } from '../../harness/kafka/topics.ts';
import { openEvents, openLines, type StreamEvent } from '../../harness/streams/event-stream.ts';

configure(sharedKafka(), { CORS_ORIGINS: 'https://app.example.com' });

let server: GatewayServer;

/** Streams ask Kafka until they are closed: its connections are closed after that. */
const serving = (): void => {
  before(async () => {
    server = await startServer({ port: 0, host: '127.0.0.1' });
  });
  after(() => server.close(0));
};

const streamUrl = (topics: string, query = ''): string => `${server.url}/topics/${topics}/records?${query}`;
const shownValue = (data: string): unknown => JSON.parse(data).value;

suite('server-sent events', () => {
  serving();

  test('a stream begins now, and brings records as they are written', async () => {
    const topic = await createTopic();
    await writeTopic(topic, [{ value: '"before"' }]);
    const stream = await openEvents(streamUrl(topic));

    await writeTopic(topic, [{ key: 'k', value: '{"n":1}', headers: { h: 'x' } }]);
    const record = await stream.nextOf('record');
    stream.cut();

    assert.equal(stream.response.statusCode, 200);
    assert.equal(stream.response.headers['content-type'], 'text/event-stream');
    assert.equal(stream.response.headers['cache-control'], 'no-store');
    const { timestamp, ...shown } = JSON.parse(record.data);
    assert.equal(typeof timestamp, 'number');
    assert.deepEqual(shown, {
      ...{ id: `${topic}@0#1`, topic, partition: 0, offset: 1, key: null, value: { n: 1 } },
      headers: [{ key: 'h', value: 'eA==' }],
      ...{ raw_key: 'aw==', raw_value: null },
      error: { error_code: 40801, message: 'The key is not JSON: raw_key has its bytes in base64' },
    });
  });

  test('every id goes on exactly behind its event, the one before any event, too', async () => {
    const topic = await createTopic({ partitions: 3 });
    const first = await openEvents(streamUrl(topic));
    await writeTopic(
      topic,
      Array.from({ length: 12 }, (_, i) => ({ partition: i % 3, value: `${i}` })),
    );
    const ids: StreamEvent[] = [];
    for (let i = 0; i < 12; i++) ids.push(await first.nextOf('record'));
    first.cut();

    for (const [at, { id }] of ids.entries()) {
      const again = await openEvents(streamUrl(topic), { 'last-event-id': id });
      const left = ids.slice(at + 1).map(({ data }) => data);
      const found: string[] = [];
      for (const _ of left) found.push((await again.nextOf('record')).data);
      again.cut();
      assert.deepEqual(found.sort(), left.sort());
    }
  });

  test('the header Last-Event-ID counts, and not the cursor of the address', async () => {
    const topic = await createTopic();
    await writeTopic(topic, [{ value: '0' }, { value: '1' }, { value: '2' }]);

    const stream = await openEvents(streamUrl(topic, `cursor=${topic}@0%230`), { 'last-event-id': `${topic}@0#1` });
    const record = await stream.nextOf('record');
    stream.cut();

    assert.equal(shownValue(record.data), 2);
  });

  test('a value of several lines is one event', async () => {
    const topic = await createTopic();
    await writeTopic(topic, [{ value: '{\n"a":\r\n "b"}' }, { value: 'one\ntwo\r\nthree\rfour' }, { value: null }]);

    const stream = await openEvents(streamUrl(topic, 'from=earliest&format=text&limit=3'));
    const values = [];
    for (let i = 0; i < 3; i++) values.push(shownValue((await stream.nextOf('record')).data));

    assert.deepEqual(values, ['{\n"a":\r\n "b"}', 'one\ntwo\r\nthree\rfour', null]);
    assert.equal((await stream.nextOf('end')).id, stream.lastEventId);
    assert.equal(await stream.next(), null);
  });

  test('records that have expired are a gap', async () => {
    const topic = await createTopic();
    await writeTopic(topic, [{ value: '0' }, { value: '1' }]);
    await deleteRecordsBelow(topic, 1);

    const stream = await openEvents(streamUrl(topic, 'from=offset:0&limit=1'));
    const gap = await stream.nextOf('gap');
    const record = await stream.nextOf('record');

    assert.deepEqual(JSON.parse(gap.data), { topic, partition: 0, from: 0, to: 1 });
    assert.equal(shownValue(record.data), 1);
  });

  test('what a stream cannot begin with is told as in all other answers', async () => {
    const topic = await createTopic();
    const cases: [query: string, status: number][] = [
      ['cursor=damaged', 400],
      ['max_duration=1', 400],
      ['group=g', 400],
      ['format=avro', 400],
    ];

    for (const [query, status] of cases) {
      const { response } = await openEvents(streamUrl(topic, query));
      response.resume();
      assert.equal(response.statusCode, status, query);
    }
    const { response } = await openEvents(streamUrl(`${topic}-missing`));
    response.resume();
    assert.equal(response.statusCode, 404);
  });

  test('a topic that is deleted ends its stream with an error', async () => {
    const topic = await createTopic();
    const stream = await openEvents(streamUrl(topic));

    await deleteTopic(topic);
    const { data } = await stream.nextOf('error');

    assert.equal(JSON.parse(data).error_code, 40401);
    assert.equal(await stream.next(), null);
  });

  test('a change of row filters ends a stream before the next record, and of other variables does not', async (t) => {
    t.after(() => letHold(null));
    const topic = await createTopic();
    const stream = await openEvents(streamUrl(topic));
    letHold({ GATEWAY_TRACE_HEADERS: 'true' });
    await writeTopic(topic, [{ value: '1' }]);
    const { id } = await stream.nextOf('record');

    letHold({ GATEWAY_ROW_FILTERS: `${topic}: key == {claim.sub}` });
    await writeTopic(topic, [{ value: '2' }]);

    const end = await stream.next();
    assert.deepEqual([end?.event, JSON.parse(end?.data ?? '{}').cursor, await stream.next()], ['goaway', id, null]);
  });

  test('after max_duration, or idle, the client is told to come back', async () => {
    const topic = await createTopic();
    for (const query of ['max_duration=1000', 'idle=1000']) {
      const stream = await openEvents(streamUrl(topic, query));
      const { data, id } = await stream.nextOf('goaway');

      assert.deepEqual(JSON.parse(data), { cursor: id });
      assert.equal(await stream.next(), null);
    }
  });

  test('pages of the origins that are let in may read it', async () => {
    const topic = await createTopic();
    const allowed = await openEvents(streamUrl(topic), { origin: 'https://app.example.com' });
    const other = await openEvents(streamUrl(topic), { origin: 'https://evil.example' });
    allowed.cut();
    other.cut();

    assert.equal(allowed.response.headers['access-control-allow-origin'], 'https://app.example.com');
    assert.equal(other.response.headers['access-control-allow-origin'], undefined);
  });
});

suite('lines', () => {
  serving();

  test('follow=true is pages without end, each with a cursor behind it', async () => {
    const topic = await createTopic();
    await writeTopic(topic, [{ value: '{"a":\n1}' }, { value: '2' }]);

    const { response, lines, cut } = await openLines(streamUrl(topic, 'follow=true&from=earliest'));
    const found = [];
    for (let i = 0; i < 4; i++) found.push(JSON.parse((await lines.next()).value));
    await writeTopic(topic, [{ value: '3' }]);
    found.push(JSON.parse((await lines.next()).value));
    cut();

    assert.equal(response.headers['content-type'], 'application/x-ndjson');
    assert.deepEqual(
      found.map((line) => line.value ?? Object.keys(line)),
      [['pagination', 'gaps'], { a: 1 }, 2, ['pagination', 'gaps'], 3],
    );
  });
});

test('where answers are sent as a whole, a stream is refused with what to do', async () => {
  const topic = await createTopic();

  const answer = await call<{ message: string }>('GET', `/topics/${topic}/records`, { headers: { accept: 'text/event-stream' } });

  assert.equal(answer.status, 406);
  assert.match(answer.json.message, /cannot stream: ask for application\/json and come back with nextCursor$/);
});
