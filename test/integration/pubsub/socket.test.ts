import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { handler } from '../../../functions/pubsub-socket.ts';
import { writeCaller } from '../../../lib/access/caller.ts';
import type { Grant } from '../../../lib/access/grants.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog, lambdaContext } from '../../harness/events/http-event.ts';
import { connectEvent, messageEvent } from '../../harness/events/socket-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeWithJava } from '../../harness/kafka/java-clients.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import type { Told } from '../../harness/pubsub/pubsub.ts';
import { decodeByStock, encodeByStock, type Plain, responseByStock } from '../../harness/pubsub/stock-runtime.ts';

configure(sharedKafka(), { GATEWAY_AUTH: 'jwt' });

const MAX_MESSAGE = 128_000;
const alice = (grants: Grant[] | null = null, expiresAt: number | null = null) => ({
  authorizer: writeCaller({ principal: 'alice', grants, expiresAt }),
});

async function frame(text: string, parts = alice()): Promise<string> {
  const { statusCode, body = '' } = await handler(messageEvent(text, parts), lambdaContext());
  assert.equal(statusCode, 200);
  assert.ok(Buffer.byteLength(body) <= MAX_MESSAGE, `${Buffer.byteLength(body)} bytes`);
  return body;
}

const forms: Record<string, (request: Plain, parts?: ReturnType<typeof alice>) => Promise<Told>> = {
  base64: async (request, parts) => decodeByStock(Buffer.from(await frame(encodeByStock(request).toString('base64'), parts), 'base64')),
  JSON: async (request, parts) => responseByStock(JSON.parse(await frame(JSON.stringify(request), parts))),
};

for (const [form, command] of Object.entries(forms)) {
  suite(`frames in ${form}`, () => {
    test('are answered in the same form', async () => {
      const topic = await createTopic();
      const value = Buffer.from([0, 255, 128]).toString('base64');

      const produced = await command({ sequence: '1', cmdKafkaProduce: { topic, records: [{ key: 'aw==', value }] } });
      const listed = await command({ sequence: '2', cmdKafkaListOffset: { topic, timestamp: '-1' } });
      const fetched = await command({ sequence: '3', cmdKafkaFetch: { topic } });

      assert.deepEqual([produced.sequence, listed.sequence, fetched.sequence], ['1', '2', '3']);
      assert.equal(produced.kafkaProduceResp?.results?.length, 1);
      assert.equal(listed.kafkaListOffsetResp?.offset, '1');
      assert.deepEqual([fetched.kafkaFetchResp?.messages?.[0].key, fetched.kafkaFetchResp?.messages?.[0].value], ['aw==', value]);
    });

    test('carry what fits, and say where to go on', async () => {
      const topic = await createTopic();
      const values = Array.from({ length: 100 }, (_, i) => Buffer.alloc(i * 100, i));
      await writeWithJava(
        topic,
        values.map((value) => ({ key: null, value })),
      );
      const read: number[] = [];
      let frames = 0;

      for (let offset = '0'; offset !== '100'; frames++) {
        const { kafkaFetchResp } = await command({ cmdKafkaFetch: { topic, offset } });
        for (const message of kafkaFetchResp?.messages ?? []) {
          assert.equal(message.value ?? '', values[Number(message.offset ?? 0)].toString('base64'));
          read.push(Number(message.offset ?? 0));
        }
        offset = kafkaFetchResp?.nextOffset ?? '0';
      }

      assert.deepEqual(read, [...values.keys()]);
      assert.ok(frames >= 6 && frames <= 12, `${frames}`);
    });

    test('step over a message that none can carry', async () => {
      const topic = await createTopic();
      await writeWithJava(
        topic,
        [1, 100_000, 1].map((size) => ({ key: null, value: Buffer.alloc(size) })),
      );

      const before = await command({ cmdKafkaFetch: { topic } });
      const tooLarge = await command({ cmdKafkaFetch: { topic, offset: '1' } });
      const after = await command({ cmdKafkaFetch: { topic, offset: tooLarge.errorResp?.nextOffset ?? '' } });

      assert.deepEqual([before.kafkaFetchResp?.messages?.length, before.kafkaFetchResp?.nextOffset], [1, '1']);
      assert.equal(tooLarge.errorResp?.code, 10);
      assert.match(tooLarge.errorResp?.message ?? '', /err: MESSAGE_TOO_LARGE$/);
      assert.match(tooLarge.errorResp?.detail ?? '', /The message at offset 1 is larger than a response can be: continue with offset 2/);
      assert.equal(after.kafkaFetchResp?.messages?.[0].offset, '2');
    });

    test('take no more records than their results have room', async () => {
      const topic = await createTopic();
      const most = form === 'JSON' ? 913 : 2397;
      const records = (count: number) => Array.from({ length: count }, () => ({}));

      const refused = await command({ cmdKafkaProduce: { topic, records: records(most + 1) } });
      const written = await command({ cmdKafkaProduce: { topic, records: records(most) } });

      assert.equal(refused.errorResp?.code, 10);
      assert.match(refused.errorResp?.detail ?? '', new RegExp(`send at most ${most} records in a message`));
      assert.equal(written.kafkaProduceResp?.results?.length, most, JSON.stringify(written.errorResp));
    });

    test('tell of failures without number in short', async () => {
      const topic = await createTopic();
      const records = Array.from({ length: 900 }, (_, i) => ({ partition: i % 2 }));

      const { kafkaProduceResp } = await command({ cmdKafkaProduce: { topic, records } });

      const results = kafkaProduceResp?.results ?? [];
      assert.deepEqual(
        results.map(({ error }) => error?.code),
        records.map(({ partition }) => (partition === 0 ? undefined : 3)),
      );
    });

    test('are granted one by one', async () => {
      const [mine, foreign] = [await createTopic(), await createTopic()];
      const granted = alice([{ principal: '*', operations: ['read'], topics: [mine] }]);

      const commands = (topic: string) => [
        { cmdKafkaFetch: { topic } },
        { cmdKafkaListOffset: { topic } },
        { cmdKafkaProduce: { topic, records: [{}] } },
      ];
      const codes = [];
      for (const request of [...commands(mine), ...commands(foreign)]) codes.push((await command(request, granted)).errorResp?.code);

      assert.deepEqual(codes, [undefined, undefined, 29, 29, 29, 29]);
    });

    test('are refused once the credentials of the handshake have ended', async (t) => {
      captureLog(t);

      const { errorResp } = await command({ sequence: '1', cmdPing: {} }, alice(null, Date.now() - 1));

      assert.deepEqual([errorResp?.code, errorResp?.detail], [58, 'Your credentials have expired: renew them']);
    });
  });
}

suite('a frame that', () => {
  for (const [what, text] of [
    ['is text', 'hello'],
    ['is garbage', '!@#$%^&*中文'],
    ['is base64 of no message', '////'],
    ['is empty', ''],
  ]) {
    test(`${what} is told so`, async () => {
      const { sequence, errorResp } = decodeByStock(Buffer.from(await frame(text), 'base64')) satisfies Told;

      assert.deepEqual([sequence, Reflect.get(Object(errorResp), 'code')], [undefined, 42]);
      assert.match(String(Reflect.get(Object(errorResp), 'message')), /^(wrong|empty) command$/);
    });
  }

  test('is no JSON of a message is told so', async () => {
    assert.deepEqual(JSON.parse(await frame('{"cmdPong":{}}')).errorResp.message, 'wrong command');
  });
});

suite('a handshake', () => {
  const connect = async (t: TestContext, parts: object) => {
    const lines = captureLog(t);
    setLogLevel('info');
    t.after(() => setLogLevel('error'));
    const { statusCode } = await handler(connectEvent(parts), lambdaContext());
    return { statusCode, lines };
  };

  test('of a known caller succeeds, and is logged with its connection', async (t) => {
    const { statusCode, lines } = await connect(t, alice());

    assert.equal(statusCode, 200);
    const shown = lines.map(({ event, connectionId, principal, requestId }) => ({ event, connectionId, principal, requestId }));
    assert.deepEqual(shown, [
      { event: 'request', connectionId: undefined, principal: 'alice', requestId: 'JPvBwH1SoAMFYdw=' },
      { event: 'connect', connectionId: 'JPu9ydwJoAMCJFg=', principal: undefined, requestId: 'JPvBwH1SoAMFYdw=' },
    ]);
  });

  test('of a caller whom nobody knows fails', async (t) => {
    const { statusCode } = await connect(t, {});

    assert.equal(statusCode, 401);
  });
});
