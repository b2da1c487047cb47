import { setTimeout as delay } from 'node:timers/promises';
import { type Config, config } from '../config.ts';
import { Table } from '../dynamodb.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { Limiter, Verdict } from '../limits/limiter.ts';
import type { Operation } from '../limits/rule.ts';
import type { CountedRecord } from '../limits/use.ts';
import { log } from '../log.ts';

/** The alarm of infra/alarms.yml looks for it. */
const UNAVAILABLE = 'The gateway cannot count this request against its limits at the moment';

let opened: Promise<Limiter> | undefined;

/**
 * Counts a request against the limits of its caller, and lets its response say where they stand. To be called once, when all that can be
 * said about the request without Kafka has been found right, and before Kafka is asked. Without limits it does nothing.
 *
 * @param records what the request writes, or just the topics that it is about
 * @throws {GatewayError} LimitExceeded; TooLarge for more than a limit ever allows; LimitsUnavailable, where that is configured
 */
export async function countAgainstLimits(request: GatewayRequest, operation: Operation, records: readonly CountedRecord[]): Promise<void> {
  const { limits } = config();
  if (limits === null) return;
  opened ??= openLimits(limits);
  const limiter = await opened;
  let verdict: Verdict | null;
  try {
    const { principal, sourceAddress, headers, deadline } = request;
    verdict = await limiter.admit({ operation, principal, sourceAddress, headers, records }, deadline);
  } catch (cause) {
    if (limits.onFailure === 'deny') throw new GatewayError('LimitsUnavailable', `${UNAVAILABLE}: try again`, { cause });
    log.error(UNAVAILABLE, { requestId: request.requestId, error: cause });
    return;
  }
  if (verdict !== null) await obey(verdict, request);
}

async function openLimits({ rules, table }: NonNullable<Config['limits']>): Promise<Limiter> {
  const { openLimiter } = await import('../limits/limiter.ts');
  try {
    return openLimiter(rules, new Table(table));
  } catch (error) {
    throw new GatewayError('InternalError', 'The gateway is not configured: its log says what to set.', {
      cause: new Error(`Configuration: ${error instanceof Error ? error.message : error}`),
    });
  }
}

async function obey(verdict: Verdict, { responseHeaders, afterwards }: GatewayRequest): Promise<void> {
  const { limit, remaining, resetMs, rule } = verdict.standing;
  responseHeaders['x-ratelimit-limit'] = String(limit);
  responseHeaders['x-ratelimit-remaining'] = String(remaining);
  responseHeaders['x-ratelimit-reset'] = seconds(resetMs);
  if (verdict.admitted) {
    afterwards.push(verdict.finish);
    if (verdict.delayMs > 0) await delay(verdict.delayMs);
    return;
  }
  const { message, retryMs } = verdict;
  if (retryMs === null) throw new GatewayError('TooLarge', message);
  throw new GatewayError('LimitExceeded', message, { as: rule.refusal, headers: { 'retry-after': seconds(retryMs) } });
}

const seconds = (ms: number): string => String(Math.ceil(ms / 1000));
