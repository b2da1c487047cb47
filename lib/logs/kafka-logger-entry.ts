import type { LogSource } from './log-template.ts';

/**
 * A line of the HTTP API's access log under the names that APISIX's plugin kafka-logger has by default (apisix/utils/log-util.lua,
 * `get_full_log`), as far as the log has what they mean: it has no headers, no query strings and no bodies. Any other entry has its text
 * under `message`.
 */
export function kafkaLoggerEntry({ entry, group, members }: LogSource): object {
  if (members === null || typeof members.requestId !== 'string' || typeof members.method !== 'string') {
    return { message: entry.message, start_time: entry.timestamp, server: { hostname: group } };
  }
  const latency = numberOf(members.latencyMs);
  const upstream = numberOf(members.functionMs);
  return {
    request: { method: members.method, uri: members.path, id: members.requestId },
    response: { status: numberOf(members.status), size: numberOf(members.responseBytes) },
    server: { hostname: group },
    route_id: members.route,
    service_id: '',
    consumer: { username: members.caller === '-' ? '' : members.caller },
    client_ip: members.ip,
    start_time: numberOf(members.time) ?? entry.timestamp,
    latency,
    upstream_latency: upstream,
    apisix_latency: latency === null || upstream === null ? null : latency - upstream,
  };
}

/** API Gateway writes numbers as texts, and a dash where there is none. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}
