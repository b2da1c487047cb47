import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Coordinator } from '../../../lib/kafka/groups/membership/coordinator.ts';
import { produce } from '../http/requests.ts';
import { createConsumer } from './consumer-requests.ts';
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

    assert.deepEqual([taken, nothing], ['1-2', 'nothing']);
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
