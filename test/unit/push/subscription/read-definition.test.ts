import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDefinition } from '../../../../lib/push/subscription/read-definition.ts';

const rules = { targets: { isPublicAllowed: true, origins: [] }, secretPrefix: 'push/' };
const least = { topics: ['orders'], url: 'https://hooks.example.com/', signing: { secret: 'push/a' } };

test('what is left out has its default', () => {
  const { definition, state } = readDefinition({ ...least, filter: 'value.n>1', from: '2026-01-01T00:00:00Z' }, rules);

  assert.equal(state, null);
  assert.deepEqual(definition, {
    ...{ topics: ['orders'], topics_pattern: null, url: 'https://hooks.example.com/', filter: ['value.n>1'], format: 'json' },
    ...{ key_format: 'text', value_format: 'json', batch: { max: 1, wait: 0 }, order: 'key', concurrency: 8 },
    ...{ delivery: 'at-least-once', auth: { type: 'none' }, signing: { secret: 'push/a', previous: null } },
    retry: { statuses: null, schedule: [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] },
    ...{ dead_letter_topic: null, from: 1_767_225_600_000 },
  });
});

test('an integer, and a time, may be written as one with a fraction of zeros or as a text', () => {
  const json = JSON.parse(
    '{"batch":{"max":"5","wait":"10.0"},"concurrency":3.0,"retry":{"statuses":["500"],"schedule":["5",30.0]},"from":"0"}',
  );

  const { definition } = readDefinition({ ...least, ...json }, rules);

  assert.deepEqual(
    [definition?.batch, definition?.concurrency, definition?.retry, definition?.from],
    [{ max: 5, wait: 10 }, 3, { statuses: [500], schedule: [5, 30] }, 0],
  );
});

test('a topic between whose push. and .retry there is no name is no topic of retries', () => {
  const { definition } = readDefinition({ ...least, topics: ['push.retry'] }, rules);

  assert.deepEqual(definition?.topics, ['push.retry']);
});

test('a state alone is one', () => {
  assert.deepEqual(readDefinition({ state: 'paused' }, rules), { definition: null, state: 'paused' });
});

suite('what is refused, with its place:', () => {
  const cases: [what: string, change: object, message: RegExp][] = [
    ['no topics', { topics: undefined }, /either topics or topics_pattern/],
    ['topics and a pattern', { topics_pattern: 'a' }, /either topics or topics_pattern/],
    ['a name that no topic can have', { topics: ['a topic'] }, /"a topic" is not a topic name/],
    ['a pattern that cannot be read', { topics: undefined, topics_pattern: '(' }, /pattern/],
    ['a target of a private network', { url: 'https://10.0.0.1/' }, /not one of the public internet/],
    ['no URL', { url: 'hooks' }, /^url must be/],
    ['a filter that is none', { filter: ['nothing==1'] }, /filter/i],
    ['a secret of others', { signing: { secret: 'kafka/gateway' } }, /begins with push\//],
    ['a secret of others in auth', { auth: { type: 'bearer', secret: 'kafka/gateway' } }, /auth\.secret must be .* push\//],
    ['a key in place of its name', { signing: { secret: 'whsec_abc' } }, /signing\.secret must be/],
    ['no signing', { signing: undefined }, /^signing must be an object \{"secret": .* begins with push\//],
    ['an unknown member', { colour: 'red' }, /Unrecognized field: "?colour/],
    ['an unknown member inside', { retry: { often: 1 } }, /retry\.often/],
    ['a batch of raw records', { format: 'raw', batch: { max: 2 } }, /leave out batch/],
    ['the records that wait of a subscription', { topics: ['orders', 'push.a.retry'] }, /^push\.a\.retry has the records/],
    ['dead letters among those', { dead_letter_topic: 'push.a.retry' }, /^push\.a\.retry has the records/],
    ['dead letters to its own topic', { dead_letter_topic: 'orders' }, /among the topics/],
    ['too many at a time', { concurrency: 33 }, /concurrency must be an integer from 1 to 32/],
    ['a state that is the gateway’s to set', { state: 'disabled' }, /state must be active or paused/],
  ];
  for (const [what, change, message] of cases) {
    test(what, () => {
      const json = JSON.parse(JSON.stringify({ ...least, ...change }));

      assert.throws(() => readDefinition(json, rules), { message });
    });
  }
});
