import { TOPICS_NAMESPACE } from './emf.ts';
import type { MeasuredRequest } from './measured-request.ts';

type Members = Readonly<Record<string, unknown>>;

/** Reads a request's metrics from its log line; null for any other line. */
export function readEmf(line: string): { functionName: string; request: MeasuredRequest } | null {
  if (!line.startsWith('{') || !line.includes('"_aws":')) return null;
  const members: Members | null = parsed(line);
  if (members === null || typeof members.Latency !== 'number') return null;
  const number = (name: string): number => (typeof members[name] === 'number' ? members[name] : 0);
  return {
    functionName: typeof members.function === 'string' ? members.function : '',
    request: {
      route: typeof members.route === 'string' ? members.route : null,
      status: number('status'),
      errorCode: typeof members.errorCode === 'string' ? Number(members.errorCode) : null,
      ms: members.Latency,
      kafkaMs: number('KafkaLatency'),
      recordsIn: number('RecordsIn'),
      recordsOut: number('RecordsOut'),
      bytesIn: number('BytesIn'),
      bytesOut: number('BytesOut'),
      connections: number('Connections'),
      isFirst: number('ColdStart') > 0,
      byTopic: new Map(
        line.includes(TOPICS_NAMESPACE)
          ? Object.keys(members)
              .filter(isOfTopic)
              .map((name) => [name, number(name)])
          : [],
      ),
    },
  };
}

const isOfTopic = (name: string): boolean => /^(in|out)_/.test(name);

function parsed(line: string): Members | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
