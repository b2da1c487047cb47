import { setTimeout as delay } from 'node:timers/promises';
import type { Operation } from '../access/operations.ts';
import { Table } from '../aws/dynamodb.ts';
import type { LimitsConfig } from '../config/limits.ts';
import { type Decision, type Limiter, openLimiter, RENEW_MS } from '../limits/limiter.ts';
import type { CountedRecord } from '../limits/use.ts';
import { limitsUnavailable } from '../messages/limits.ts';
import { notConfigured } from '../messages/requests.ts';
import { log } from '../telemetry/log.ts';
import type { Subject } from './subject.ts';

const UNAVAILABLE = 'The gateway cannot count this request against its limits at the moment';

let opened: { limiter: Limiter; rules: string } | undefined;

/** Counts a request against its limits: the part of `countAgainstLimits` that only deployments with limits need. */
export async function countUse(
  request: Subject,
  operation: Operation,
  records: readonly CountedRecord[],
  limits: LimitsConfig,
): Promise<void> {
  if (opened?.rules !== limits.rules) opened = { limiter: open(limits), rules: limits.rules };
  let verdict: Decision | null;
  try {
    const { principal, mode, passing, sourceAddress, headers, deadline } = request;
    verdict = await opened.limiter.admit({ operation, principal, mode, passing, sourceAddress, headers, records }, deadline);
  } catch (cause) {
    log.error('limits_unavailable', UNAVAILABLE, { requestId: request.requestId, error: cause });
    if (limits.onFailure === 'deny') throw limitsUnavailable.with({ cause });
    return;
  }
  if (verdict !== null) await obey(verdict, request);
}

function open({ rules, table }: LimitsConfig): Limiter {
  try {
    return openLimiter(rules, new Table(table));
  } catch (error) {
    throw notConfigured.with({ cause: new Error(`Configuration: ${error instanceof Error ? error.message : error}`) });
  }
}

async function obey(verdict: Decision, request: Subject): Promise<void> {
  const { limit, remaining, resetMs, rule } = verdict.standing;
  const { responseHeaders } = request;
  responseHeaders['x-ratelimit-limit'] = String(limit);
  responseHeaders['x-ratelimit-remaining'] = String(remaining);
  responseHeaders['x-ratelimit-reset'] = seconds(resetMs);
  if (verdict.admitted) {
    request.onEnd(verdict.finish);
    request.whileServed?.(RENEW_MS, verdict.renew);
    if (verdict.delayMs > 0) await delay(verdict.delayMs);
    return;
  }
  const { retryMs } = verdict;
  throw verdict.error(retryMs === null ? {} : { as: rule.refusal, headers: { 'retry-after': seconds(retryMs) } });
}

const seconds = (ms: number): string => String(Math.ceil(ms / 1000));
