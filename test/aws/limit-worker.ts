import { once } from 'node:events';
import { Table } from '../../lib/dynamodb.ts';
import { openLimiter } from '../../lib/limits/limiter.ts';

/** What a worker is told to do, and how many of its requests were admitted. */
export interface Race {
  rules: string;
  requests: { principal: string; topic: string }[];
}

// An instance of the gateway as far as limits go: a process of its own that sends what it is told to, all at once, and says what came of it.
process.send?.('ready');
for (;;) {
  const [race]: Race[] = await once(process, 'message');
  const limiter = openLimiter(race.rules, new Table(process.env.GATEWAY_TABLE ?? ''));
  const deadline = Date.now() + 60_000;
  const verdicts = await Promise.all(
    race.requests.map(({ principal, topic }) =>
      limiter.admit({ operation: 'produce', principal, sourceAddress: '', headers: {}, records: [{ topic }] }, deadline),
    ),
  );
  process.send?.(verdicts.filter((verdict) => verdict?.admitted).length);
}
