import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FallingBehind } from '../../../../lib/routes/groups/falling-behind.ts';

const look = (trend: FallingBehind, ...lags: number[]): string[][] => lags.map((lag) => trend.look([{ group: 'billing', lag }]));

test('a group falls behind when its lag has grown ten times in a row, and no longer when it once has not', () => {
  const trend = new FallingBehind();

  const looks = look(trend, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12);

  assert.deepEqual(
    looks.map((names) => names.length),
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0],
  );
});

test('a group that was not there is begun with anew', () => {
  const trend = new FallingBehind();
  look(trend, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  trend.look([]);

  assert.deepEqual(look(trend, 10, 11), [[], []]);
});
