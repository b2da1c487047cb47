import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, suite, test } from 'node:test';
import { startTable, type TestTable } from '../../harness/aws/table.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { type Answer, call, configure, type RequestParts } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, type ProduceBody } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let table: TestTable;
let kafka: ProxiedKafka;
let topic: string;
let key: string;

before(async () => {
  [kafka, table] = await Promise.all([startProxiedKafka(), startTable()]);
  configure(kafka.bootstrapServers, { ...table.environment, GATEWAY_IDEMPOTENCY: '24h' });
});
after(async () => {
  await kafka?.stop();
  await table?.stop();
});
beforeEach(async () => {
  topic = await createTopic({ partitions: 2, bootstrapServers: kafka.direct });
  key = randomUUID();
});

/** Posts to the topic with the key of the test. */
const post = (body: string, { headers, ...parts }: RequestParts = {}, path = `/topics/${topic}`): Promise<Answer<ProduceBody>> =>
  call('POST', path, { body, headers: { 'content-type': mediaTypes.text, 'idempotency-key': key, ...headers }, ...parts });
const records = (...all: object[]): string => JSON.stringify({ records: all });
const one = records({ value: 'one' });

const written = async () => (await readTopic(topic, kafka.direct)).map(({ value }) => value?.toString());

function assertReplayed(answer: Answer, first: Answer): void {
  assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [first.status, first.text, first.headers['content-type']]);
  assert.equal(answer.headers['idempotency-replayed'], 'true');
}

suite('a request with the same key', () => {
  test('gets the first answer again, and its records are written once', async () => {
    const first = await post(one);

    const again = [await post(one), await post(one, { headers: { 'idempotency-key': `"${key}"` } })];

    assert.equal(first.status, 200, first.text);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    for (const answer of again) assertReplayed(answer, first);
    assert.deepEqual(await written(), ['one']);
  });

  test('is the same however its query and its body are written', async () => {
    const { gzipSync } = await import('node:zlib');
    const first = await post(one);

    assertReplayed(await post(one, { query: 'acks=all&compression=none&other=1' }), first);
    assertReplayed(await post(one, { headers: { 'content-type': `${mediaTypes.text}; charset=utf-8`, accept: '*/*' } }), first);
    assertReplayed(await call('POST', `/topics/${topic}/`, { ...gzipped(gzipSync(one)) }), first);
    assert.deepEqual(await written(), ['one']);
  });

  const gzipped = (body: Buffer): RequestParts => ({
    headers: { 'content-type': mediaTypes.text, 'content-encoding': 'gzip', 'idempotency-key': key },
    body,
  });

  test('is answered so on every route that produces', async () => {
    for (const [i, path] of [`/topics/${topic}`, `/topics/${topic}/partitions/1`, '/records'].entries()) {
      const body = records({ value: path, ...(path === '/records' && { topic }) });
      const headers = { 'idempotency-key': `${key}-${i}` };

      const first = await post(body, { headers }, path);

      assert.equal(first.status, 200, first.text);
      assertReplayed(await post(body, { headers }, path), first);
    }
    assert.equal((await written()).length, 3);
  });

  test('is answered so by v3, as a stream and as a batch', async () => {
    const clusters = await call<{ data: { cluster_id: string }[] }>('GET', '/v3/clusters');
    const path = `/v3/clusters/${clusters.json.data[0].cluster_id}/topics/${topic}/records`;
    const record = { value: { type: 'STRING', data: 'one' } };
    const stream = `${JSON.stringify(record)}{"partition_id":-1}`;

    for (const [to, body] of [
      [path, stream],
      [`${path}:batch`, JSON.stringify({ entries: [{ id: 'a', ...record }] })],
    ]) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': `${key}${to.length}` };

      const first = await post(body, { headers }, to);

      assert.match(first.text, /"offset":\d/);
      assertReplayed(await post(body, { headers }, to), first);
    }
    assert.deepEqual(await written(), ['one', 'one']);
  });

  test('and of many at once, one is done, and all get its answer', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(one)));

    const [first] = answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined);
    assert.equal(first.status, 200, first.text);
    for (const answer of answers.filter((other) => other !== first)) assertReplayed(answer, first);
    assert.deepEqual(await written(), ['one']);
  });

  test('gets an answer of many thousand records whole', async () => {
    const body = records(...Array.from({ length: 20_000 }, (_, i) => ({ key: String(i), value: '' })));

    const first = await post(body);

    assert.equal(first.status, 200, first.text);
    assertReplayed(await post(body), first);
    assert.equal(first.json.offsets.length, 20_000);
  });

  test('is answered with 204 again, where async asked for that', async () => {
    const first = await post(one, { query: 'async=true' });

    assert.deepEqual([first.status, first.text], [204, '']);
    assertReplayed(await post(one, { query: 'async=true' }), first);
    assert.deepEqual(await written(), ['one']);
  });

  test('gets the results of each record again, where some were refused', async () => {
    const body = records({ value: 'taken' }, { value: 'refused', partition: 9 });

    const first = await post(body);

    assert.deepEqual(
      first.json.offsets.map(({ error_code }) => error_code),
      [null, 40402],
    );
    assertReplayed(await post(body), first);
    assert.deepEqual(await written(), ['taken']);
  });
});

suite('another request with the key', () => {
  const others: [what: string, send: () => Promise<Answer>][] = [
    ['body', () => post(records({ value: 'two' }))],
    ['path', () => post(one, {}, `/topics/${topic}/partitions/0`)],
    ['media type', () => post(one, { headers: { 'content-type': mediaTypes.json } })],
    ['query', () => post(one, { query: 'acks=1' })],
    ['record header', () => post(one, { headers: { 'kafka-header-trace': '7' } })],
    ['schema of a raw body', () => post(one, { headers: { 'kafka-value-schema-id': '7' } })],
  ];
  for (const [what, send] of others) {
    test(`is refused: another ${what}`, async () => {
      await post(one);

      const answer = await send();

      assertRefused(answer, { status: 422, code: 42209, message: /was used for another request: use a key of its own for every request/ });
      assert.deepEqual(await written(), ['one']);
    });
  }

  test('of another caller has nothing to do with it', async () => {
    const ask = (caller?: string) => post(one, caller === undefined ? {} : { authorizer: { iam: { userArn: caller } } });
    const callers = ['arn:aws:iam::123456789012:user/ann', 'arn:aws:iam::123456789012:user/bob', undefined];

    const answers = [await ask(callers[0]), await ask(callers[1]), await ask(callers[2])];

    for (const { status, headers } of answers) assert.deepEqual([status, headers['idempotency-replayed']], [200, undefined]);
    assert.equal((await written()).length, 3);
  });

  test('of another caller with the same name has nothing to do with it', async () => {
    const named = (mode: string, principalId = 'alice') => post(one, { authorizer: { lambda: { principalId, mode } } });
    const session = 'arn:aws:sts::123456789012:assumed-role/writer/';

    const answers = [await named('basic'), await named('jwt'), await named('jwt', `${session}1`), await named('jwt', `${session}2`)];

    for (const { status, headers } of answers) assert.deepEqual([status, headers['idempotency-replayed']], [200, undefined]);
    assertReplayed(await named('jwt'), answers[1]);
    assert.equal((await written()).length, 4);
  });

  test('of the same role in another session is of the same caller', async () => {
    const inSession = (session: string) =>
      post(one, { authorizer: { iam: { userArn: `arn:aws:sts::123456789012:assumed-role/writer/${session}` } } });
    const first = await inSession('i-1');

    assertReplayed(await inSession('i-2'), first);
  });
});

test('a key that is none is refused, and nothing is written', async () => {
  await post(one);

  const answer = await post(one, { headers: { 'idempotency-key': 'not, one' } });

  assertRefused(answer, { status: 400, code: 400, message: /^Idempotency-Key must be one key/ });
  assert.deepEqual(await written(), ['one']);
});

suite('a key whose request wrote nothing', () => {
  test('is free again after a refusal, even for another body', async () => {
    const refused = await post(records({ value: 'nowhere', partition: 9 }));

    const next = await post(one);

    assertRefused(refused, { status: 404, code: 40402, message: /has no partition 9/ });
    assert.deepEqual([next.status, next.headers['idempotency-replayed']], [200, undefined]);
    assert.deepEqual(await written(), ['one']);
  });

  test('is free again after a failure of Kafka', async (t) => {
    captureLog(t);
    await post(one, { headers: { 'idempotency-key': `${key}-warm` } });
    await kafka.broker.kill();
    // Else records may go out over a connection whose end has not been heard of, and nobody knows what became of them.
    await kafka.proxy.endedBy('client');
    const failed = await post(one, { remainingMs: 2000 });
    await kafka.broker.restart();

    const next = await post(one);

    assertRefused(failed, { status: 503, code: 50003, message: /The records were not written(: [a-z ]+)?$/ });
    assert.deepEqual([next.status, next.headers['idempotency-replayed']], [200, undefined]);
    assert.equal((await written()).length, 2);
  });
});

suite('while the first request waits for Kafka', () => {
  test('the next one waits for its answer', async () => {
    const lost = kafka.proxy.holdAnswer('Produce');
    const first = post(one);
    const held = await lost;

    const next = post(one);
    await held.release();

    assertReplayed(await next, await first);
    assert.deepEqual(await written(), ['one']);
  });

  test('one that has less time is told to try again', async () => {
    const lost = kafka.proxy.holdAnswer('Produce');
    const first = post(one);
    const held = await lost;

    const next = await post(one, { remainingMs: 2000 });
    await held.release();

    assertRefused(next, { status: 409, code: 40905, message: /still in progress: try again/ });
    assert.equal((await first).status, 200);
    assert.deepEqual(await written(), ['one']);
  });
});

test('after a 504 its records are never written again: the next one learns that nobody knows', async (t) => {
  captureLog(t);
  await post(one, { headers: { 'idempotency-key': `${key}-warm` } });
  const lost = kafka.proxy.holdAnswer('Produce');
  const first = await post(one, { remainingMs: 2000 });
  await lost;

  const again = [await post(one), await post(one)];

  assertRefused(first, { status: 504, code: 50401, message: /may have been written/ });
  for (const answer of again) {
    assertRefused(answer, {
      status: 409,
      code: 40906,
      message: /ended before it was known whether its records were written, so this one did not write them/,
    });
  }
  assert.deepEqual(await written(), ['one', 'one']);
});
