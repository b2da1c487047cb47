import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Progress } from '../../../../lib/push/delivery/progress.ts';

const position = (offset: number, topicId = '1') => ({ topic: 'orders', topicId, partition: 0, offset, until: Number.POSITIVE_INFINITY });
const place = (offset: number) => ({ topic: 'orders', partition: 0, offset });

suite('the progress of a partition', () => {
  test('stays before the first record that is not done with', () => {
    const progress = new Progress('main');
    progress.update([position(3)]);
    const [first, second] = [progress.begin(place(3)), progress.begin(place(4))];
    progress.passed(place(5));

    second();
    assert.equal(progress.positions[0].offset, 3);
    first();
    assert.equal(progress.positions[0].offset, 5);
  });

  test('is not moved by what its group has committed meanwhile', () => {
    const progress = new Progress('main');
    progress.update([position(3)]);
    progress.passed(place(5));

    progress.update([position(4)]);

    assert.equal(progress.open[0].offset, 5);
  });

  test('stays while its partition is left out for want of a leader, and ends with its topic', () => {
    const progress = new Progress('main');
    const other = { ...position(0), partition: 1 };
    progress.update([position(3), other]);
    progress.passed(place(5));

    progress.update([other]);
    progress.update([position(3), other]);
    const after = progress.open[0].offset;
    progress.update([{ ...other, topicId: '2' }]);

    assert.equal(after, 5);
    assert.deepEqual(progress.open, [{ ...other, topicId: '2' }]);
  });

  test('ends with its partition where the id of the topic is not known', () => {
    const progress = new Progress('replay');
    const other = { ...position(0, ''), partition: 1 };
    progress.update([position(3, ''), other]);

    progress.update([other]);

    assert.deepEqual(progress.open, [other]);
  });

  test('begins anew in a topic that was made anew, also where the old one could not be read on', () => {
    const progress = new Progress('main');
    progress.update([position(3)]);
    const done = progress.begin(place(3));
    progress.passed(place(4));
    progress.stall(place(4));

    progress.update([position(0, '2')]);
    done();

    assert.deepEqual(progress.open, [position(0, '2')]);
    assert.deepEqual(progress.positions, [{ topic: 'orders', topicId: '2', partition: 0, offset: 0 }]);
  });
});
