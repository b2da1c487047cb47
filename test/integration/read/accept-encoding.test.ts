import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { call, configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** What Lambda takes as an answer. */
const LAMBDA_LIMIT = 6 * 1024 * 1024;
const inflate = { br: brotliDecompressSync, gzip: gunzipSync };
const COUNT = 180;
let topic: string;

before(async () => {
  topic = await createTopic({ partitions: 1 });
  for (let i = 0; i < COUNT; i += 5) {
    await writeTopic(
      topic,
      Array.from({ length: 5 }, (_, j) => ({ value: JSON.stringify({ i: i + j, text: 'a "word" of many, '.repeat(5000) }) })),
    );
  }
});

interface Page {
  size: number;
  indices: number[];
  next: string;
}

/** Reads a page, and checks that Lambda takes it. */
async function readPage(path: string, acceptEncoding: 'br' | 'gzip' | null): Promise<Page> {
  const accept = path.includes('/partitions/') ? 'application/vnd.kafka.json.v2+json' : 'application/json';
  const headers = { accept, ...(acceptEncoding !== null && { 'accept-encoding': acceptEncoding }) };
  const [route, query] = path.split('?');
  const { status, text, size, headers: got } = await call('GET', route, { query, headers });
  const encoding = got['content-encoding'];
  assert.deepEqual([status, text.length < 2048 ? acceptEncoding : (encoding ?? null)], [200, acceptEncoding]);
  assert.ok(size <= LAMBDA_LIMIT, `${size} bytes`);
  const body = JSON.parse(encoding === 'br' || encoding === 'gzip' ? inflate[encoding](Buffer.from(text, 'base64')).toString() : text);
  const items: { value: { i: number } }[] = Array.isArray(body) ? body : body.items;
  const [, link] = /<(.*)>/.exec(got.link) ?? [];
  return { size, indices: items.map(({ value }) => value.i), next: `${route}${link}` };
}

const ALL = Array.from({ length: COUNT }, (_, i) => i);

for (const [what, query] of [
  ['a fetch', `/partitions/0/records?offset=0&max_bytes=100000000&timeout=0`],
  ['a page', `/records?from=earliest&max_bytes=100000000&timeout=0&format=json`],
] as const) {
  for (const encoding of ['br', 'gzip'] as const) {
    test(`${what} is larger than Lambda's answer where the client accepts ${encoding}, and the next goes on behind it`, async () => {
      const plain = await readPage(`/topics/${topic}${query}`, null);
      const first = await readPage(`/topics/${topic}${query}`, encoding);
      const second = await readPage(first.next, encoding);

      assert.ok(first.indices.length > 1.5 * plain.indices.length, `${first.indices.length} and ${plain.indices.length}`);
      assert.deepEqual([...first.indices, ...second.indices], ALL);
    });
  }
}
