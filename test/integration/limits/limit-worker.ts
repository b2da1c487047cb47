import { once } from 'node:events';
import { Limiter } from '../../../lib/limits/limiter.ts';
import { parseRules } from '../../../lib/limits/parse-rules.ts';
import { PatientTable } from './patient-table.ts';

/** What a worker is told to do, and how many of its requests were admitted. */
export interface Race {
  rules: string;
  /** When it begins by the clock that counts, in Unix milliseconds. */
  now: number;
  requests: { principal: string; topic: string }[];
}

// An instance of the gateway as far as limits go: a process of its own that sends what it is told to, all at once, and says what came of it.
process.send?.('ready');
for (;;) {
  const [race]: Race[] = await once(process, 'message');
  const patienceMs = 120_000;
  const began = Date.now();
  const clock = () => race.now + Date.now() - began;
  const limiter = new Limiter(parseRules(race.rules), new PatientTable(process.env.GATEWAY_TABLE ?? ''), clock, patienceMs);
  const deadline = race.now + patienceMs;
  const verdicts = await Promise.all(
    race.requests.map(({ principal, topic }) =>
      limiter.admit({ operation: 'produce', principal, sourceAddress: '', headers: {}, records: [{ topic }] }, deadline),
    ),
  );
  process.send?.(verdicts.filter((verdict) => verdict?.admitted).length);
}
