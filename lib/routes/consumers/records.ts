import { forbidden, mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { integer, oneOf, optional, text } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { readPartitions } from '../../kafka/fetch/read-partitions.ts';
import type { VisibleRecords } from '../../kafka/fetch/visible-records.ts';
import type { Consumer, HandedOut, PlacePosition, WantedRecords } from '../../kafka/groups/membership/coordinator.ts';
import type { StoredRecord } from '../../kafka/record.ts';
import { closeRecords, consumedRecords } from '../../records/responses/consumed-records.ts';
import { renderPage } from '../../records/responses/render-page.ts';
import { type LogicalView, logicalViews } from '../../schemas/codec.ts';
import { visibleTo } from '../read/visible-records.ts';
import { tracedRead } from '../traced/traced-read.ts';
import { ofInstance, topicsIn } from './consumer-of.ts';
import { formatNamed, recordTypes, shownAs, typeOfRecords } from './formats.ts';

/** A poll waits so long unless it, or the instance, says otherwise. */
const TIMEOUT_MS = 1000;
const MAX_BYTES = 1024 * 1024;
const EMPTY = '[]';

/** Records for an instance, from where its group has come to. */
export const records = route('GET /consumers/{group}/instances/{instance}/records', {
  ...ofInstance,
  offers: recordTypes,
  // -1 is what Confluent's clients send for none.
  query: {
    timeout: optional(integer({ min: -1 })),
    max_bytes: optional(integer({ min: -1 })),
    poll_id: optional(text),
    logical: optional(oneOf(...logicalViews)),
  },
  topicsFound: ({ found }) => topicsIn(found.partitions),
  async answer({ request, cluster, query, found }) {
    const format = formatNamed(found.options.format);
    const mediaType = typeOfRecords(request.headers.accept, format);
    const asked = query.timeout === undefined || query.timeout < 0 ? null : query.timeout;
    const waitMs = Math.min(asked ?? found.options.timeoutMs ?? TIMEOUT_MS, found.options.timeoutMs ?? Number.POSITIVE_INFINITY);
    const maxBytes = Math.min(
      query.max_bytes === undefined || query.max_bytes < 0 ? MAX_BYTES : Math.max(1, query.max_bytes),
      MAX_ENCODED_BYTES,
    );
    const mayRead = mayReadOf(request, found);
    const page = { consumer: found, maxBytes, visible: visibleTo(request.caller), deadline: request.deadline, logical: query.logical };
    const handedOut = await tracedRead(
      request.trace,
      { operation: 'poll', topics: topicsOf(found), group: request.path.group },
      () =>
        found.poll({ pollId: query.poll_id ?? null, waitMs }, (wanted) => {
          const positions = wanted.positions.filter(({ topic }) => mayRead(topic));
          return readPage(cluster, { ...wanted, positions }, page);
        }),
      (polled) => polled?.records ?? [],
    );
    return { mediaType, body: handedOut?.body ?? EMPTY };
  },
});

const topicsOf = ({ subscription, partitions }: Consumer): readonly string[] =>
  subscription !== null && 'topics' in subscription ? subscription.topics : topicsIn(partitions);

/** A pattern may match topics that the caller has no grant for: those stay unread. Who names one is refused. */
function mayReadOf(request: GatewayRequest, { subscription }: Consumer): (topic: string) => boolean {
  const may = mayOn(request, 'topics');
  const leavesOut = subscription !== null && 'pattern' in subscription;
  return (topic) => {
    if (may('read', topic)) return true;
    if (leavesOut) return false;
    throw forbidden('read', topic);
  };
}

interface PageWanted {
  consumer: Consumer;
  maxBytes: number;
  visible: VisibleRecords;
  deadline: number;
  logical: LogicalView | undefined;
}

interface Shown {
  body: string;
  /** Those that it shows. */
  records: readonly StoredRecord[];
}

async function readPage(
  cluster: Cluster,
  { positions, waitMs }: WantedRecords,
  { consumer, maxBytes, visible, deadline, logical }: PageWanted,
): Promise<HandedOut<Shown>> {
  const { isolation, minBytes, format } = consumer.options;
  const limits = {
    isolation,
    minBytes,
    maxBytes,
    waitMs,
    deadline,
    largest: MAX_ENCODED_BYTES,
    maxRecords: Number.MAX_SAFE_INTEGER,
    keep: null,
    visible,
  };
  const { readings } = await readPartitions(cluster, positions, limits);
  const all = readings.flatMap((reading) => reading.records);
  const formats = await shownAs(all, formatNamed(format), deadline, logical);
  const { out, count } = renderPage(readings, consumedRecords(formats), MAX_ENCODED_BYTES - 1);
  out.put(closeRecords);
  let left = count;
  const next = readings.map(({ topic, partition, records: read, offset }): PlacePosition => {
    const shown = left < read.length ? read[left].offset : offset;
    left = Math.max(0, left - read.length);
    return { topic, partition, offset: shown };
  });
  return { next, isEmpty: count === 0, answer: { body: out.toString(), records: all.slice(0, count) } };
}
