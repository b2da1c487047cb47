import { test } from 'node:test';
import { parseArgs } from 'node:util';
import { api } from '../../lib/http/api.ts';
import { fuzz } from './fuzz.ts';

// npm run fuzz [-- --seconds 60 --seed <number>]: requests made up by chance, for so long; what is wrong is shown with its seed.

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } });
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);

test(`requests made up by chance, with --seed ${seed}`, async (t) => {
  const { statuses, successes, slowest } = await fuzz(t, { seed, seconds: Number(values.seconds) });

  for (const [status, count] of [...statuses].sort()) t.diagnostic(`${status}: ${count} requests`);
  for (const { stallMs, request } of slowest) t.diagnostic(`the event loop stood still for ${stallMs} ms: ${request}`);
  for (const route of api) t.diagnostic(`${successes.get(route) ?? 0} times: ${route}`);
});
