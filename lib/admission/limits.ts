import type { Operation } from '../access/operations.ts';
import { limitsConfig } from '../config/limits.ts';
import type { CountedRecord } from '../limits/use.ts';
import type { Subject } from './subject.ts';

/**
 * Counts a request against the limits of its caller, and lets its response say where they stand. To be called once, when all that can be
 * said about the request without Kafka has been found right, and before Kafka is asked. Undefined without limits: then there
 * is nothing to wait for.
 *
 * @param records what the request writes, or just the topics that it is about
 * @throws {GatewayError} LimitExceeded; TooLarge for more than a limit ever allows; LimitsUnavailable, where that is configured
 */
export function countAgainstLimits(request: Subject, operation: Operation, records: readonly CountedRecord[]): Promise<void> | undefined {
  const limits = limitsConfig();
  if (limits === null) return undefined;
  // Only in the zips of deployments with limits.
  return import('./limiter.optional.ts').then(({ countUse }) => countUse(request, operation, records, limits));
}
