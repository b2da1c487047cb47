import type { Operation } from '../access/operations.ts';
import { limitsConfig } from '../config/limits.ts';
import type { CountedRecord } from '../limits/use.ts';
import type { Subject } from './subject.ts';

/**
 * Counts a request against the limits of its caller, and adds the remaining allowance to the response headers. Call it once, after all
 * checks that need no Kafka, and before Kafka is asked. Returns undefined without limits: then there is nothing to await.
 *
 * @param records what the request writes, or only the topics that it concerns
 * @throws {GatewayError} LimitExceeded; TooLarge for more than a limit ever allows; LimitsUnavailable if the configuration demands it
 */
export function countAgainstLimits(request: Subject, operation: Operation, records: readonly CountedRecord[]): Promise<void> | undefined {
  const limits = limitsConfig();
  if (limits === null) return undefined;
  // Only the zips of deployments with limits contain it.
  return import('./limiter.optional.ts').then(({ countUse }) => countUse(request, operation, records, limits));
}
