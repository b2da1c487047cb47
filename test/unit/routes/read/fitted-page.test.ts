import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { MAX_ENCODED_BYTES } from '../../../../lib/http/response.ts';
import { JsonWriter } from '../../../../lib/json/json-writer.ts';
import { fittedPage, MAX_PAGE_TEXT_BYTES } from '../../../../lib/routes/read/fitted-page.ts';

const MEBIBYTE = 1024 * 1024;
const PIECE = 5000;
const inflate = { br: brotliDecompressSync, gzip: gunzipSync };
const noise = randomBytes(32 * MEBIBYTE).toString('base64');
const words = 'a word, and one more. '.repeat((32 * MEBIBYTE) / 22);

/** Writes as much of a text as fits, and tells what it was allowed. */
function pageOf(text: string) {
  const limits: number[] = [];
  const write = (limit: number) => {
    limits.push(limit);
    const out = new JsonWriter(Buffer.from(text.slice(0, limit)));
    out.at = out.bytes.length;
    return { out };
  };
  return { write, limits };
}

test('without a coding a page is text, and as large as that may be', async () => {
  const { write, limits } = pageOf(words);

  const { response } = await fittedPage(null, write);

  assert.deepEqual(limits, [MAX_ENCODED_BYTES]);
  assert.deepEqual(response, { body: words.slice(0, MAX_ENCODED_BYTES) });
});

for (const encoding of ['br', 'gzip'] as const) {
  test(`a page that ${encoding} makes small is as large as memory allows`, async () => {
    const { write, limits } = pageOf(words);

    const { response, page } = await fittedPage(encoding, write);

    assert.deepEqual(limits, [MAX_PAGE_TEXT_BYTES]);
    assert.equal(page.out.at, MAX_PAGE_TEXT_BYTES);
    assert.deepEqual([response.headers, response.isBase64], [{ 'content-encoding': encoding }, true]);
    assert.equal(inflate[encoding](Buffer.from(response.body, 'base64')).toString(), words.slice(0, MAX_PAGE_TEXT_BYTES));
  });

  test(`a page that ${encoding} makes little smaller ends earlier, and fills the answer`, async () => {
    const text = Array.from({ length: 4000 }, (_, i) => noise.slice(i * PIECE, (i + 1) * PIECE) + words.slice(0, PIECE)).join('');
    const { write, limits } = pageOf(text);

    const { response, page } = await fittedPage(encoding, write);

    assert.ok(limits.length <= 3, `written ${limits.length} times`);
    assert.ok(response.body.length <= MAX_ENCODED_BYTES);
    assert.ok(response.body.length > MAX_ENCODED_BYTES * 0.8, `only ${response.body.length}`);
    assert.ok(page.out.at > 9 * MEBIBYTE);
    assert.equal(inflate[encoding](Buffer.from(response.body, 'base64')).toString(), text.slice(0, page.out.at));
  });

  test(`a page of noise, which ${encoding} makes no smaller than base64 makes it larger, is as large as text may be`, async () => {
    const { write, limits } = pageOf(noise);

    const { response } = await fittedPage(encoding, write);

    assert.ok(limits.length <= 3, `written ${limits.length} times`);
    assert.ok(response.body.length > MAX_ENCODED_BYTES * 0.9);
    const text = response.isBase64 ? inflate[encoding](Buffer.from(response.body, 'base64')).toString() : response.body;
    assert.equal(text, noise.slice(0, text.length));
  });
}

test('a small page is text', async () => {
  const { write } = pageOf('[]');

  assert.deepEqual((await fittedPage('br', write)).response, { body: '[]' });
});
