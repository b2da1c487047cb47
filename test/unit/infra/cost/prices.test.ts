import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PRICES } from '../../../../infra/cost/prices.ts';

test('each price is in the documentation, with where it comes from and of which date', () => {
  const page = readFileSync('docs/operate/cost.md', 'utf8');
  const [, section] = page.split('\n## Prices\n');
  const rows = [...section.matchAll(/^\| ([\d.]+) \| (.+) \| (.+) \| (\d.+) \|$/gm)].map(([, usd, per, from, date]) => [
    Number(usd),
    per,
    from.replace(/^\[.*\]\(https:\/\/(.*)\)$|^`(.*)`$/, '$1$2'),
    date,
  ]);

  assert.deepEqual(
    rows,
    Object.values(PRICES).map(({ usd, per, source, date }) => [usd, per, source, date]),
  );
});
