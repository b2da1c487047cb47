import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { Producer } from 'kafkajs';
import { recordFormats } from '../../lib/records/formats/record-formats.ts';
import { writeCursor } from '../../lib/records/responses/cursor.ts';
import { serverSentEvents } from '../../lib/streams/sse.ts';
import { createTopic, kafkaClient } from '../harness/kafka/topics.ts';
import { serveAlone } from '../harness/streams/gateway-script.ts';
import { quantile } from './statistics.ts';
import type { Row } from './table.ts';

const PARTITIONS = 3;
const BATCH = 100;
const ALONE = 200;
/** A tick of the clock that /proc counts CPU time by. */
const TICK_US = 10_000;
/** Of a chunk of HTTP. */
const CHUNK_FRAME = 6;
const value = JSON.stringify({ id: 123_456, text: 'x'.repeat(146) });

/** Server-sent events to 1, 16 and 128 readers of one tail. */
export async function* streams(): AsyncGenerator<Row> {
  const ends: (() => void)[] = [];
  const { url, pid } = await serveAlone({ after: (end) => ends.push(end) }, { GATEWAY_AUTH: 'none', GATEWAY_LOG_LEVEL: 'warn' });
  const producer = kafkaClient().producer();
  await producer.connect();
  try {
    await measure(url, pid, producer, { readers: 16, records: 2000 });
    for (const [readers, records, target] of [
      [1, 20_000, null],
      [16, 10_000, null],
      [128, 5000, 3],
    ] as const) {
      const us = await measure(url, pid, producer, { readers, records });
      yield {
        what: `a record to ${readers === 1 ? 'one reader' : `${readers} readers, a reader`}`,
        gateway: `${us.toFixed(2)} µs`,
        ...(target !== null && { target: { limit: `≤ ${target} µs`, met: us <= target } }),
      };
    }
    const delays = await measureDelays(url, producer);
    const p50 = quantile(delays, 0.5);
    yield {
      what: 'from the acknowledgement of a record to its event',
      gateway: `p50 ${p50.toFixed(1)} ms, p99 ${quantile(delays, 0.99).toFixed(1)} ms`,
      target: { limit: 'p50 ≤ 20 ms', met: p50 <= 20 },
    };
    yield { what: 'an idle reader, an hour', gateway: `${(idleBytes() / 1000).toFixed(0)} kB` };
  } finally {
    await producer.disconnect();
    for (const end of ends) end();
  }
}

/** CPU time of the gateway for a record and reader, in microseconds. */
async function measure(url: string, pid: number, producer: Producer, { readers, records }: { readers: number; records: number }) {
  const topic = await createTopic({ partitions: PARTITIONS });
  const opened = await Promise.all(Array.from({ length: readers }, () => openReader(url, topic)));
  const before = await cpuOf(pid);
  for (let n = 0; n < records; n += BATCH) {
    await producer.send({ topic, messages: Array.from({ length: BATCH }, () => ({ partition: (n / BATCH) % PARTITIONS, value })) });
  }
  await Promise.all(opened.map((reader) => reader.hasRead(records)));
  const used = (await cpuOf(pid)) - before;
  for (const { socket } of opened) socket.destroy();
  return used / (readers * records);
}

/** Milliseconds from the acknowledgement of a record until its event is there. */
async function measureDelays(url: string, producer: Producer): Promise<number[]> {
  const topic = await createTopic({ partitions: PARTITIONS });
  const reader = await openReader(url, topic);
  const delays: number[] = [];
  for (let n = 1; n <= ALONE; n++) {
    const seen = reader.hasRead(n).then(() => performance.now());
    await producer.send({ topic, messages: [{ partition: n % PARTITIONS, value }] });
    const acknowledged = performance.now();
    delays.push(Math.max(0, (await seen) - acknowledged));
  }
  reader.socket.destroy();
  return delays.sort((a, b) => a - b);
}

/** Opens a stream, and counts its events. */
async function openReader(url: string, topic: string): Promise<{ socket: Socket; hasRead(count: number): Promise<void> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET /topics/${topic}/records HTTP/1.1\r\nHost: gateway\r\nAccept: text/event-stream\r\n\r\n`);
  let count = 0;
  let wanted: { count: number; reached(): void } = { count: Number.POSITIVE_INFINITY, reached() {} };
  let rest = '';
  const isOpen = once(socket, 'data');
  socket.on('data', (chunk) => {
    const text = rest + chunk.toString('latin1');
    count += text.split(RECORD).length - 1;
    rest = text.slice(-(RECORD.length - 1));
    if (count >= wanted.count) wanted.reached();
  });
  await isOpen;
  return {
    socket,
    hasRead: (least) =>
      new Promise((resolve) => {
        if (count >= least) resolve();
        else wanted = { count: least, reached: resolve };
      }),
  };
}

const RECORD = 'event: record';

/** CPU time of a process so far, in microseconds. */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  // Behind the name, which may have spaces: proc_pid_stat(5) counts utime as 14 and stime as 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** What signs of life come to. */
function idleBytes(): number {
  const formats = { key: recordFormats.json, value: recordFormats.json };
  const encoder = serverSentEvents({ formats, shown: (slice) => slice });
  const cursor = writeCursor(Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: 'clicks', partition, offset: 1_000_000 })));
  return (3600 / 15) * (Buffer.byteLength(encoder.idle(cursor)) + CHUNK_FRAME);
}
