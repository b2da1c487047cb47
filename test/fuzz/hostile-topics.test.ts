import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../lib/errors.ts';
import { mediaTypes } from '../../lib/http/media-types.ts';
import { MAX_ENCODED_BYTES } from '../../lib/http/response.ts';
import { fetchRecords } from '../../lib/kafka/fetch/fetch-records.ts';
import { readPartitions } from '../../lib/kafka/fetch/read-partitions.ts';
import { allVisible } from '../../lib/kafka/fetch/visible-records.ts';
import { recordFormats } from '../../lib/records/formats/record-formats.ts';
import { renderRecords } from '../../lib/records/responses/render-records.ts';
import { showPage } from '../../lib/routes/read/read-page.ts';
import { readParameters } from '../../lib/routes/read/read-query.ts';
import { FakeLogs } from '../harness/fake-broker/fake-logs.ts';
import { batchBytes, bomb, oldMessage, recordBytes } from '../harness/hostile/batches.ts';

/** What a topic may hold, whoever wrote it: bytes from an offset on, and the offset after them. */
type Piece = (first: number) => Promise<{ bytes: Buffer; next: number }>;

const codec = fc.constantFrom('none', 'gzip', 'snappy', 'lz4', 'zstd');
const content = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('{"a":1}', '"', '\n\r\n', '\u0001'.repeat(2000), 'x'.repeat(20_000)).map((text) => Buffer.from(text)),
);
const fields = fc.record({ key: content, value: content, headers: fc.constantFrom(0, 0, 0, 3, 60_000) });
const placed = (first: number, bytes: Buffer, count: number) => {
  bytes.writeBigInt64BE(BigInt(first), 0);
  return { bytes, next: first + count };
};

const written = fc
  .record({
    records: fc.array(fields, { minLength: 1, maxLength: 4 }),
    codec,
    baseTime: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  })
  .map(
    ({ records, ...batch }): Piece =>
      async (baseOffset) => {
        const all = Buffer.concat(records.map((record, i) => recordBytes(i, record)));
        return {
          bytes: await batchBytes({ ...batch, baseOffset, count: records.length, records: all }),
          next: baseOffset + records.length,
        };
      },
  );
const bombs = fc.record({ codec, fields, size: fc.constantFrom(300_000, 7_000_000) }).map(
  ({ codec, fields, size }): Piece =>
    async (first) => {
      const bytes = await bomb(codec, fields, size);
      return placed(first, bytes, bytes.readInt32BE(57));
    },
);
const giant = codec.map(
  (name): Piece =>
    async (first) =>
      placed(first, await bomb(name, { value: Buffer.alloc(6_990_000, 0x20) }, 7_000_000), 1),
);
const damaged = fc.record({ piece: written, at: fc.nat(), change: fc.integer({ min: 1, max: 255 }) }).map(
  ({ piece, at, change }): Piece =>
    async (first) => {
      const { bytes, next } = await piece(first);
      bytes[17 + (at % (bytes.length - 17))] ^= change;
      return { bytes, next };
    },
);
const unknown = fc.integer({ min: 1, max: 7 }).map(
  (codecNumber): Piece =>
    async (baseOffset) => {
      const records = recordBytes(0, { value: Buffer.from('not compressed') });
      return { bytes: await batchBytes({ baseOffset, count: 1, records, codecNumber }), next: baseOffset + 1 };
    },
);
const old = fc.tuple(fc.constantFrom<0 | 1>(0, 1), fc.constantFrom('', 'a', 'b'.repeat(100))).map(
  ([version, value]): Piece =>
    async (first) => ({ bytes: oldMessage(first, version, value), next: first + 1 }),
);
const topic = fc.array(
  fc.oneof({ weight: 4, arbitrary: written }, damaged, unknown, old, { weight: 1, arbitrary: bombs }, { weight: 1, arbitrary: giant }),
  { minLength: 1, maxLength: 5 },
);

async function logsOf(pieces: readonly Piece[]) {
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  for (const piece of pieces) {
    const first = log.end;
    log.batches.push({ first, ...(await piece(first)) });
  }
  await kafka.cluster.refresh(['orders']);
  return { cluster: kafka.cluster, end: log.end };
}

/** Reads on until the end, by what every answer says; each leads on. */
async function walk(end: number, read: (from: number) => Promise<number>): Promise<void> {
  for (let from = 0, steps = 0; from < end; steps++) {
    assert.ok(steps < 3000, `at ${from} of ${end}`);
    const next = await read(from).catch((error: unknown) => {
      if (!(error instanceof GatewayError) || error.goOn === null) throw error;
      return error.goOn.offset;
    });
    assert.ok(next > from && next <= end, `from ${from} to ${next} of ${end}`);
    from = next;
  }
}

const limits = {
  isolation: 'read_committed',
  visible: allVisible,
  maxBytes: MAX_ENCODED_BYTES,
  largest: MAX_ENCODED_BYTES,
  waitMs: 0,
} as const;
const fits = (body: string) => Buffer.byteLength(JSON.stringify(body)) <= 6 * 1024 * 1024;

test('whatever a topic holds, fetches lead to its end', async () => {
  await fc.assert(
    fc.asyncProperty(topic, fc.constantFrom('json', 'text', 'binary'), async (pieces, format) => {
      const { cluster, end } = await logsOf(pieces);
      await walk(end, async (offset) => {
        const options = { ...limits, position: { offset }, minBytes: 1, maxRecords: 20_000, deadline: Date.now() + 20_000 };
        const { records, nextOffset } = await fetchRecords(cluster, 'orders', 0, options);
        const { out, count } = renderRecords(recordFormats[format], 'orders', 0, records, { maxEncodedBytes: MAX_ENCODED_BYTES });
        const text = out.toString();
        assert.equal(JSON.parse(text).length, count);
        assert.ok(fits(text));
        // The first does not fit: the client is told to step over it.
        if (count === 0 && records.length > 0) return records[0].offset + 1;
        return count < records.length ? records[count].offset : nextOffset;
      });
    }),
    { numRuns: 15 },
  );
});

test('whatever a topic holds, pages lead to its end', async () => {
  const type = fc.constantFrom(mediaTypes.plainJson, mediaTypes.jsonLines, mediaTypes.plainText);
  const search = fc.constantFrom('format=json', 'format=text', 'format=binary', 'filter=value.a==1&filter=key!=b', 'to=2100-01-01');
  await fc.assert(
    fc.asyncProperty(topic, type, search, async (pieces, mediaType, asked) => {
      const { cluster, end } = await logsOf(pieces);
      const parameters = new URLSearchParams(asked);
      const query = readParameters(new Map([...parameters.keys()].map((name) => [name, parameters.getAll(name)])));
      await walk(end, async (offset) => {
        const positions = [{ topic: 'orders', partition: 0, offset, until: Number.POSITIVE_INFINITY }];
        const options = { ...limits, maxRecords: 20_000, deadline: Date.now() + 20_000, keep: query.keep };
        const { response, next } = await showPage(
          await readPartitions(cluster, positions, options),
          mediaType,
          query,
          Number.POSITIVE_INFINITY,
        );
        const { body } = response;
        if (mediaType === mediaTypes.plainJson) JSON.parse(body);
        assert.ok(fits(body));
        return next[0].offset;
      });
    }),
    { numRuns: 15 },
  );
});
