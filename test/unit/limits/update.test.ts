import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Update } from '../../../lib/limits/update.ts';

test('an update names everything by placeholders, as names in DynamoDB may be words of its own', () => {
  const update = new Update();
  update.add('count', 2);
  update.set('time', 7);
  update.stamp('by', 'me');
  update.remove('old');
  update.ifAtMost('count', 5);
  update.ifBetween('time', 1, 9);
  update.ifExists('pk');

  assert.deepEqual(update.expressions(), {
    UpdateExpression: 'SET #0 = :0, #1 = :1 ADD #2 :2 REMOVE #3',
    ConditionExpression: '(attribute_not_exists(#2) OR #2 <= :3) AND #0 BETWEEN :4 AND :5 AND attribute_exists(#4)',
    ExpressionAttributeNames: { '#0': 'time', '#1': 'by', '#2': 'count', '#3': 'old', '#4': 'pk' },
    ExpressionAttributeValues: {
      ':0': { N: '7' },
      ':1': { S: 'me' },
      ':2': { N: '2' },
      ':3': { N: '5' },
      ':4': { N: '1' },
      ':5': { N: '9' },
    },
  });
});

test('an update without a condition or a value has no empty parts', () => {
  const update = new Update();
  update.remove('old');

  assert.deepEqual(update.expressions(), { UpdateExpression: 'REMOVE #0', ExpressionAttributeNames: { '#0': 'old' } });
});

test('what an update makes of counts', () => {
  const update = new Update();
  update.add('count', 2);
  update.add('more', 1);
  update.set('time', 7);
  update.remove('old');

  assert.deepEqual(update.appliedTo({ count: 3, old: 1, other: 4 }), { count: 5, more: 1, time: 7, other: 4 });
});

test('the same expressions come out each time, without values that are left over', () => {
  const update = new Update();
  update.add('count', 1);
  update.ifAtMost('count', 4);
  const first = update.expressions();

  const second = update.expressions();

  assert.deepEqual(second, first);
});
