import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Coordinator } from '../../../lib/kafka/groups/membership/coordinator.ts';
import type { Answer } from '../http/gateway.ts';
import { produce } from '../http/requests.ts';
import { createTopic } from '../kafka/topics.ts';
import { createConsumer, newGroup, type TestConsumer } from './consumer-requests.ts';
import { consumerAtEnd, pollElsewhere } from './poll-elsewhere.ts';

/** What the tests need of a store of groups. */
interface Keeper {
  /** `host:port`; available once the tests run. */
  kafka(): string;
  /** The coordinator of a group in a second process. */
  elsewhere(group: string): Coordinator;
}

/** The wait of the polls of a client that always gives the same. */
const WAIT_MS = 300;

/**
 * What a poll with a `poll_id` does that its client has given up, and that goes on in another process: it takes no record once its
 * repetition was answered, or a later poll.
 */
export function testOvertakenPolls({ kafka, elsewhere }: Keeper): void {
  /** A consumer whose poll `y`, which arrived after a moment, has taken the first of two records. */
  async function takenByLater(t: TestContext, options = {}) {
    const { topic, consumer } = await consumerAtEnd(t, kafka(), options);
    const arrivedAt = Date.now();
    await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
    const later = await pollElsewhere(elsewhere, consumer, { waitMs: 0, arrivedAt: arrivedAt + 1, pollId: 'y' });
    later.findRecord();
    return { consumer, arrivedAt, taken: await later.answer };
  }

  for (const [what, before] of [
    ['whose polls had no poll_id before', {}],
    ['that has polled before for as long as the repetition', { poll_id: 'before', timeout: WAIT_MS }],
  ] as const) {
    test(`a poll that outlasts its repetition takes no record, of a consumer ${what}`, async (t) => {
      const { topic, consumer } = await consumerAtEnd(t, kafka());
      assert.deepEqual((await consumer.poll(before)).json, []);
      const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: 20_000 });
      await givenUp.reads;

      const repeated = await consumer.poll({ poll_id: 'x', timeout: WAIT_MS });
      await produce(topic, 'text', [{ value: 'a' }]);
      givenUp.findRecord();

      assert.deepEqual([repeated.json, await givenUp.answer], [[], null]);
      assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['a']);
    });
  }

  test('a poll that reads too late, as its repetition may have been answered, takes no record', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    await consumer.poll({ poll_id: 'before', timeout: WAIT_MS });
    const arrivedAt = Date.now();

    const repeated = await consumer.poll({ poll_id: 'x', timeout: WAIT_MS });
    await produce(topic, 'text', [{ value: 'a' }]);
    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: WAIT_MS, arrivedAt });
    givenUp.findRecord();

    assert.deepEqual([repeated.json, await givenUp.answer], [[], null]);
    assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['a']);
  });

  test('a poll that begins after one that arrived later has taken records takes none', async (t) => {
    const { consumer, arrivedAt, taken } = await takenByLater(t);

    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: 0, arrivedAt });
    givenUp.findRecord();

    assert.deepEqual([taken, await givenUp.answer], ['1-2', null]);
    assert.deepEqual(await consumer.values({ poll_id: 'z' }), ['b']);
  });

  test('a poll that begins after one that arrived later has taken records commits none of them, if it finds none itself', async (t) => {
    const { consumer, arrivedAt, taken } = await takenByLater(t, { autoCommit: true });

    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: 0, arrivedAt });
    givenUp.findNothing();
    const nothing = await givenUp.answer;

    assert.deepEqual([taken, nothing], ['1-2', null]);
    assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['a']);
  });

  test('a poll whose repetition has got records hands out the same, and takes no others', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: 20_000 });
    await givenUp.reads;

    await produce(topic, 'text', [{ value: 'a' }]);
    const repeated = await consumer.values({ poll_id: 'x' });
    await produce(topic, 'text', [{ value: 'b' }]);
    givenUp.findRecord();

    assert.deepEqual([repeated, await givenUp.answer], [['a'], '1-2']);
    assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['b']);
  });

  test('a poll that repeats less than its repetition has got does not set the consumer back', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
    const arrivedAt = Date.now() - 1;
    const { json: repeated } = await consumer.poll({ poll_id: 'x' }, { timeEpoch: arrivedAt + 1 });

    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: WAIT_MS, arrivedAt });
    givenUp.findRecord();

    await assert.rejects(givenUp.answer, { name: 'IllegalState' });
    assert.deepEqual(
      repeated.map(({ value }) => value),
      ['a', 'b'],
    );
    assert.deepEqual((await consumer.poll({ poll_id: 'y' })).json, []);
  });

  test('a poll that arrived before the consumer was created anew takes no record of the new one', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    const arrivedAt = Date.now() - 1;
    await consumer.remove();
    await createConsumer(t, consumer.group, { name: consumer.name, 'auto.offset.reset': 'latest' });
    await consumer.subscribe([topic]);
    await consumer.poll({ timeout: WAIT_MS });
    await produce(topic, 'text', [{ value: 'a' }]);

    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: WAIT_MS, arrivedAt });
    givenUp.findRecord();

    assert.equal(await givenUp.answer, null);
    assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['a']);
  });

  for (const [what, move] of [
    ['was sought in', (consumer, topic) => consumer.seek([{ topic, partition: 0, offset: 0 }])],
    ['was sought in, to where it was,', (consumer, topic) => consumer.seek([{ topic, partition: 0, offset: 1 }])],
    ['was subscribed to the same topic again', (consumer, topic) => consumer.subscribe([topic])],
  ] as const satisfies [string, (consumer: TestConsumer, topic: string) => Promise<Answer>][]) {
    for (const [when, isReading] of [
      ['arrived', false],
      ['began to read', true],
    ] as const) {
      test(`a poll that ${when} before its consumer ${what} takes no record after that`, async (t) => {
        const { topic, consumer } = await consumerAtEnd(t, kafka());
        await produce(topic, 'text', [{ value: 'a' }]);
        const asked = { waitMs: WAIT_MS, arrivedAt: Date.now() - 1 };
        const early = isReading ? await pollElsewhere(elsewhere, consumer, asked) : null;
        await early?.reads;

        const moved = await move(consumer, topic);
        const givenUp = early ?? (await pollElsewhere(elsewhere, consumer, asked));
        givenUp.findRecord();

        const [taken] = await Promise.allSettled([givenUp.answer]);
        assert.equal(moved.status, 204, moved.text);
        assert.ok(taken.status === 'rejected' || taken.value === null);
        const [first] = await consumer.records({ poll_id: 'y' });
        assert.equal(first.offset, what === 'was sought in' ? 0 : 1);
      });
    }
  }

  test('a poll that arrived before its consumer was subscribed to another topic takes no record of that', async (t) => {
    const { consumer } = await consumerAtEnd(t, kafka());
    const arrivedAt = Date.now() - 1;
    const topic = await createTopic({ bootstrapServers: kafka() });
    await produce(topic, 'text', [{ value: 'a' }]);
    await consumer.subscribe([topic]);

    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: 5000, arrivedAt });
    givenUp.findRecord();

    assert.equal(await givenUp.answer, null);
    assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['a']);
  });

  test('a poll that arrived before its consumer was assigned partitions by hand takes no record of these', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    await produce(topic, 'text', [{ value: 'a' }]);
    const arrivedAt = Date.now() - 1;
    await consumer.commit();
    await consumer.unsubscribe();
    await consumer.assign([{ topic, partition: 0 }]);

    const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: WAIT_MS, arrivedAt });
    givenUp.findRecord();

    assert.equal(await givenUp.answer, null);
    assert.deepEqual(await consumer.values({ poll_id: 'y' }), ['a']);
  });

  /**
   * A consumer whose poll, which arrived later than `x`, has taken a record of each of two partitions, and of which the group wants one back
   * while `x` is carried out again and again.
   */
  async function givingUp(t: TestContext, pollId: string) {
    const [topic, group] = [await createTopic({ partitions: 2, bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', [
      { value: 'a', partition: 0 },
      { value: 'b', partition: 1 },
    ]);
    const consumer = await createConsumer(t, group);
    await consumer.subscribe([topic]);
    const arrivedAt = Date.now() - 1;
    const later = await pollElsewhere(elsewhere, consumer, { waitMs: 5000, arrivedAt: arrivedAt + 1, pollId });
    later.findRecord();
    assert.equal(await later.answer, '0-1');
    const other = await createConsumer(t, group);
    await other.subscribe([topic]);
    const answers = new Set<string | null>();
    const others: unknown[] = [];
    for (let polls = 0; polls < 15; polls++) {
      const givenUp = await pollElsewhere(elsewhere, consumer, { waitMs: 0, arrivedAt });
      givenUp.findNothing();
      answers.add(await givenUp.answer);
      others.push(...(await other.poll({ timeout: 100 })).json);
    }
    return { consumer, other, answers: [...answers], others };
  }

  test('a poll that repeats what a later one has got gives none of it up as not received', async (t) => {
    const { answers, others } = await givingUp(t, 'x');

    assert.deepEqual([answers, others], [['0-1'], []]);
  });

  test('a poll that begins after one that arrived later has taken records gives none of them up as received', async (t) => {
    const { consumer, other, others } = await givingUp(t, 'y');

    assert.deepEqual(others, []);
    const values = await consumer.values({ poll_id: 'y' });
    for (let poll = 0; values.length < 2 && poll < 100; poll++) values.push(...(await other.values({ poll_id: `${poll}`, timeout: 100 })));

    assert.deepEqual(values.sort(), ['a', 'b']);
  });

  test('a commit of all that was handed out does not include what a poll that arrived later has handed out', async (t) => {
    const { consumer, arrivedAt } = await takenByLater(t);
    const late = await elsewhere(consumer.group).describe(consumer.name, { arrivedAt, since: arrivedAt });

    await assert.rejects(late.commit(null), { name: 'IllegalState' });

    assert.deepEqual((await consumer.committed()).json.offsets, []);
  });

  test('a seek that begins after a poll that arrived later has taken records moves nothing', async (t) => {
    const { consumer, arrivedAt } = await takenByLater(t);
    const late = await elsewhere(consumer.group).describe(consumer.name, { arrivedAt, since: arrivedAt });
    const [place] = late.partitions;

    await assert.rejects(late.seek([{ ...place, to: { offset: 0 } }]), { name: 'IllegalState' });

    assert.deepEqual(await consumer.values({ poll_id: 'z' }), ['b']);
  });

  test('a request that arrived before its consumer was created anew finds none', async (t) => {
    const { consumer } = await consumerAtEnd(t, kafka());
    const arrivedAt = Date.now() - 1;
    await consumer.remove();
    await createConsumer(t, consumer.group, { name: consumer.name });

    const late = elsewhere(consumer.group).describe(consumer.name, { arrivedAt, since: arrivedAt });

    await assert.rejects(late, { name: 'ConsumerNotFound' });
  });

  test('an empty answer to a poll does not end the wait of the next one', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    for (const poll_id of ['x', 'x', 'y']) assert.deepEqual((await consumer.poll({ poll_id })).json, []);

    const waiting = await pollElsewhere(elsewhere, consumer, { waitMs: 20_000 });
    await waiting.reads;
    await produce(topic, 'text', [{ value: 'a' }]);
    waiting.findRecord();

    assert.equal(await waiting.answer, '1-2');
    assert.deepEqual(await consumer.values({ poll_id: 'x' }), ['a']);
  });
}
