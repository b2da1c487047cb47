import { readFile } from 'node:fs/promises';
import { acceptedEncoding } from '../../../../lib/http/content-encoding.ts';
import { mediaTypes } from '../../../../lib/http/media-types.ts';
import { readPartitions } from '../../../../lib/kafka/fetch/read-partitions.ts';
import { allVisible } from '../../../../lib/kafka/fetch/visible-records.ts';
import { roomFor } from '../../../../lib/routes/read/fitted-page.ts';
import { showPage } from '../../../../lib/routes/read/read-page.ts';
import { readParameters } from '../../../../lib/routes/read/read-query.ts';
import { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { memoryOf } from '../../../harness/lambda/process-memory.ts';

// A process that reads one page of a topic whose partitions hold a batch each, the same, and tells what memory that took at its peak:
//   node read-bomb.ts <file of the batch> <partitions> <query> <media type> <Accept-Encoding>

const [file, partitions, search, type, acceptEncoding] = process.argv.slice(2);
const accepted = acceptedEncoding(acceptEncoding);
const bytes = await readFile(file);
const query = readParameters(
  new Map([...new URLSearchParams(search).keys()].map((name) => [name, new URLSearchParams(search).getAll(name)])),
);
const kafka = new FakeLogs(1);
for (const log of kafka.topic('orders', ...Array(Number(partitions)).fill(1))) {
  const first = 0;
  log.batches.push({ first, next: bytes.readInt32BE(23) + 1, bytes });
}
await kafka.cluster.refresh(['orders']);
const positions = Array.from({ length: Number(partitions) }, (_, partition) => ({
  topic: 'orders',
  partition,
  offset: 0,
  until: Number.POSITIVE_INFINITY,
}));

const before = process.memoryUsage.rss();
const page = await readPartitions(kafka.cluster, positions, {
  isolation: 'read_committed',
  visible: allVisible,
  maxBytes: Math.min(query.max_bytes, roomFor(accepted)),
  largest: roomFor(accepted),
  maxRecords: query.limit ?? Number.MAX_SAFE_INTEGER,
  waitMs: 0,
  deadline: Date.now() + 60_000,
  keep: query.keep,
});
const { response, next } = await showPage(page, type ?? mediaTypes.plainJson, query, Number.POSITIVE_INFINITY, accepted);
// Not that of resourceUsage(), which begins with the memory of the process that started this one.
const { peak } = await memoryOf(process.pid);
console.log(JSON.stringify({ grown: peak - before, size: response.body.length, moved: next.some(({ offset }) => offset > 0) }));
