import { STANDARD_SCHEDULE } from '../../../lib/push/attempt/verdict.ts';
import type { Definition, Subscription } from '../../../lib/push/subscription/subscription.ts';

/** An active subscription with this definition; by default, to the topic `orders`. */
export function subscriptionOf(definition: Partial<Definition>): Subscription {
  return {
    ...{ name: 'hook', version: 1, state: 'active', reason: null, verified: null, replay: null, createdAt: 0, updatedAt: 0 },
    owner: { principal: null, grants: null },
    definition: {
      ...{ topics: ['orders'], topics_pattern: null, url: 'https://hooks.example.com/', filter: [], format: 'raw' },
      ...{ key_format: 'text', value_format: 'text', batch: { max: 1, wait: 0 }, order: 'key', concurrency: 4 },
      ...{ delivery: 'at-least-once', auth: { type: 'none' }, signing: { secret: 'a', previous: null } },
      ...{ retry: { statuses: null, schedule: STANDARD_SCHEDULE }, dead_letter_topic: null, from: 'latest' },
      ...definition,
    },
  };
}
