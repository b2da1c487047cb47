import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { createTopic } from '../../harness/kafka/topics.ts';
import { server, subscribe, subscriber } from './subscribers.ts';

suite('a subscription is refused', () => {
  let topic: string;
  before(async () => {
    topic = await createTopic();
  });

  for (const [what, command, code, detail] of [
    ['of no topic', { topics: [] }, 42, /topics is empty/],
    ['of an unknown topic', { topics: ['nowhere'] }, 3, /nowhere/],
    ['of a topic twice', { topics: ['a', 'a'] }, 42, /a more than once/],
    ['with credit below 0', { credit: -1 }, 42, /credit must be a number from 0 to 1000000/],
    ['with credit without end', { credit: 1_000_001 }, 42, /credit must be/],
    ['with a filter that is none', { filters: ['headers'] }, 42, /filter/i],
    ['with a damaged cursor', { cursor: 'AAAA' }, 42, /cursor/],
    ['with a beginning that is none', { from: 'yesterday' }, 42, /from must be earliest or latest/],
    ['with a format that is none', { valueFormat: 7 }, 42, /value_format must be/],
    ['with an isolation that is none', { isolation: 7 }, 42, /isolation must be/],
  ] as const) {
    test(what, async () => {
      const one = await subscriber();

      const { errorResp } = await one.command(subscribe(topic, command));

      assert.equal(errorResp?.code, code, errorResp?.detail);
      assert.match(errorResp?.detail ?? '', detail);
    });
  }

  test('without a sequence of its own', async () => {
    const one = await subscriber();

    const none = await one.command({ ...subscribe(topic), sequence: 0 });
    await one.command(subscribe(topic));
    const taken = await one.command(subscribe(topic));

    assert.match(none.errorResp?.detail ?? '', /sequence of its command, which cannot be 0/);
    assert.match(taken.errorResp?.detail ?? '', /has a subscription with the sequence 1/);
  });

  test('when its connection has ten, however many are asked for', async () => {
    const one = await subscriber();

    const asked = Array.from({ length: 1000 }, (_, i) => one.command({ ...subscribe(topic, { credit: 0 }), sequence: i + 1 }));
    const answers = await Promise.all(asked);

    const refused = answers.flatMap(({ errorResp }) => errorResp ?? []);
    assert.equal(refused.length, 990);
    assert.ok(refused.every(({ detail }) => /The connection has 10 subscriptions, which is the most/.test(detail ?? '')));
    one.close();
  });

  test('over POST, which nothing can be pushed over', async () => {
    const response = await fetch(`${server.url}/pubsub`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(subscribe(topic)),
    });

    const { errorResp }: { errorResp: { detail: string } } = JSON.parse(await response.text());
    assert.match(errorResp.detail, /over a WebSocket only: send the command over the WebSocket \/pubsub/);
  });

  test('credit is refused that is none, or for no subscription', async () => {
    const one = await subscriber();
    await one.command(subscribe(topic));

    const details: string[] = [];
    for (const [subscription, credit] of [
      [1, 0],
      [1, -5],
      [1, 2 ** 31 - 1],
      [9, 5],
    ]) {
      const { errorResp } = await one.command({ sequence: 5, cmdKafkaCredit: { subscription, credit } });
      details.push(errorResp?.detail ?? '');
    }

    assert.match(
      details.join('|'),
      /^(credit must be a number from 1 to 1000000\|){3}The connection has no subscription with the sequence 9/,
    );
  });
});
