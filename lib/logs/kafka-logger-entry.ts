import type { LogSource } from './log-template.ts';

/**
 * A line of the HTTP API's access log under the default names of APISIX's plugin kafka-logger (apisix/utils/log-util.lua, `get_full_log`),
 * as far as the log has these values: it has no headers, query strings or bodies. The text of any other entry becomes `message`.
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

/** API Gateway writes numbers as strings, and a dash for an absent one. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}
