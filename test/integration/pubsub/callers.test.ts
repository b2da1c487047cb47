import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { command, commands } from '../../harness/pubsub/pubsub.ts';

const [mine, foreign] = [await createTopic(), await createTopic()];

configure(sharedKafka(), {
  GATEWAY_AUTH: 'iam',
  GATEWAY_PRINCIPAL_HEADER: 'kafka-principal',
  GATEWAY_MAX_BODY_BYTES: '1000000',
  GATEWAY_GRANTS: JSON.stringify([{ principal: 'arn:aws:iam::123456789012:user/alice', operations: ['read', 'produce'], topics: [mine] }]),
});

const alice = { authorizer: { iam: { userArn: 'arn:aws:iam::123456789012:user/alice' } } };

suite('each message of a request', () => {
  test('is granted or refused by itself, before Kafka is asked', async () => {
    const all = (topic: string) => [
      { cmdKafkaListOffset: { topic } },
      { cmdKafkaFetch: { topic } },
      { cmdKafkaProduce: { topic, records: [{}] } },
    ];

    const answers = await commands([...all(mine), ...all(foreign), ...all('not-exist'), { cmdPing: {} }], alice);

    assert.deepEqual(
      answers.map(({ errorResp }) => errorResp?.code),
      [undefined, undefined, undefined, 29, 29, 29, 29, 29, 29, undefined],
    );
    assert.deepEqual(answers[4].errorResp, {
      code: 29,
      message: `failed to fetch message, topic: ${foreign}, partition: 0, err: TOPIC_AUTHORIZATION_FAILED`,
      detail: `You have no grant to read on the topic "${foreign}": ask the operator of the gateway`,
    });
  });

  test('says in its records who has written them', async () => {
    const headers = [{ key: 'kafka-principal', value: Buffer.from('bob').toString('base64') }];

    const [produced, { kafkaFetchResp }] = await commands(
      [{ cmdKafkaProduce: { topic: mine, records: [{ headers }] } }, { cmdKafkaFetch: { topic: mine } }],
      alice,
    );

    const { offset = '0' } = produced.kafkaProduceResp?.results?.[0] ?? {};
    const written = kafkaFetchResp?.messages?.find((message) => (message.offset ?? '0') === offset);
    assert.deepEqual(written?.headers, [{ key: 'kafka-principal', value: Buffer.from(alice.authorizer.iam.userArn).toString('base64') }]);
  });
});

suite('a request is refused whole', () => {
  const PROTOBUF = { 'content-type': 'application/x-protobuf' };

  test('when nobody knows who sends it', async () => {
    const answer = await call('POST', '/pubsub', { headers: PROTOBUF, body: '' });

    assertRefused(answer, { status: 401, code: 40101, message: /Credentials are missing/ });
  });

  for (const [what, headers, body, refusal] of [
    [
      'of another media type',
      { 'content-type': 'application/vnd.kafka.json.v2+json' },
      '{}',
      { status: 415, code: 415, message: /application\/x-protobuf/ },
    ],
    ['without a media type', {}, '', { status: 415, code: 415, message: /application\/x-protobuf/ }],
    ['for an answer in another', { ...PROTOBUF, accept: 'text/html' }, '', { status: 406, code: 406, message: /application\/x-protobuf/ }],
    [
      'with an Idempotency-Key',
      { ...PROTOBUF, 'idempotency-key': 'a' },
      '',
      { status: 400, code: 400, message: /An Idempotency-Key is not supported here/ },
    ],
    ['that is too large', PROTOBUF, Buffer.alloc(1_000_001), { status: 413, code: 413, message: /larger than 1000000 bytes/ }],
    [
      'of too many messages',
      { 'content-type': 'application/x-protobuf; encoding=delimited' },
      Buffer.alloc(1001),
      { status: 413, code: 413, message: /more than 1000 messages/ },
    ],
    [
      'that ends within a message',
      { 'content-type': 'application/x-protobuf;encoding="delimited"' },
      Buffer.from([0, 5, 1]),
      { status: 400, code: 400, message: /ends in the middle/ },
    ],
  ] as const) {
    test(what, async () => {
      assertRefused(await call('POST', '/pubsub/', { ...alice, headers, body }), refusal);
    });
  }
});

test('what goes wrong with a message is logged as that of a request is', async (t) => {
  const lines = captureLog(t);
  setLogLevel('info');
  t.after(() => setLogLevel('error'));

  await command({ cmdKafkaFetch: { topic: mine, partition: 0, offset: 1_000_000 } }, alice);

  const principal = alice.authorizer.iam.userArn;
  const shown = lines.map(({ level, event, cause, error, route, status, principal: who }) => ({
    level,
    event,
    cause,
    error,
    route,
    status,
    who,
  }));
  assert.match(String(lines[0].message), /^Offset 1000000 is outside the log/);
  assert.deepEqual(shown[0], {
    level: 'WARN',
    event: 'request_failed',
    cause: 'Error: Kafka answered OFFSET_OUT_OF_RANGE (1)',
    error: 'InvalidArgument',
    route: undefined,
    status: undefined,
    who: principal,
  });
  assert.deepEqual(shown.slice(1), [
    { level: 'INFO', event: 'request', cause: undefined, error: undefined, route: 'POST /pubsub', status: 200, who: principal },
  ]);
});
