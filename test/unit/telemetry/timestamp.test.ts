import { test } from 'node:test';
import fc from 'fast-check';
import { timestamp } from '../../../lib/telemetry/timestamp.ts';

test('a time is written as Date writes it, in whatever order times come', () => {
  const time = fc.oneof(fc.integer({ min: 0, max: 4_102_444_800_000 }), fc.integer({ min: 1_772_366_399_990, max: 1_772_366_401_010 }));

  fc.assert(fc.property(time, (now) => timestamp(now) === new Date(now).toISOString()));
});
