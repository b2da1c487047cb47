import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { MAX_BODY_BYTES, readBody } from '../../../lib/http/body.ts';

const plain = (text: string) => ({ text, isBase64: false, contentEncoding: undefined });
const base64 = (bytes: Uint8Array, contentEncoding?: string) => ({
  text: Buffer.from(bytes).toString('base64'),
  isBase64: true,
  contentEncoding,
});

test('any bytes come through base64, compressed or not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 10_000 }), async (bytes) => {
      assert.deepEqual(await readBody(base64(bytes)), Buffer.from(bytes));
      assert.deepEqual(await readBody(base64(gzipSync(bytes), 'gzip')), Buffer.from(bytes));
    }),
  );
});

test('a body that is text is its UTF-8 bytes', async () => {
  assert.deepEqual(await readBody(plain('grüße 🎈')), Buffer.from('grüße 🎈', 'utf8'));
});

test('base64 is decoded once and only where the event says so', async () => {
  assert.equal((await readBody(plain('YWJj'))).toString(), 'YWJj');
  assert.equal((await readBody(base64(Buffer.from('YWJj')))).toString(), 'YWJj');
});

test('no body is no bytes, whatever the encoding', async () => {
  for (const contentEncoding of [undefined, 'gzip', 'identity', '']) {
    assert.equal((await readBody({ text: '', isBase64: true, contentEncoding })).length, 0);
  }
});

test('each reading is in a buffer of its own', async () => {
  const body = base64(Buffer.from('abc'));
  const first = await readBody(body);
  first.fill(0);

  assert.equal((await readBody(body)).toString(), 'abc');
});

for (const text of ['a*bc', 'YWJj\nYWJj', 'YWJjZ!==', '====', 'Y', 'grüße']) {
  test(`${JSON.stringify(text)} is no base64`, async () => {
    await assert.rejects(readBody({ text, isBase64: true, contentEncoding: undefined }), { name: 'BadRequest', status: 400 });
  });
}

test('the names of gzip and of no encoding are taken in any case', async () => {
  const gzipped = gzipSync('abc');
  for (const name of ['gzip', 'x-gzip', 'GZIP', ' gzip ']) assert.equal((await readBody(base64(gzipped, name))).toString(), 'abc');
  for (const name of ['identity', 'Identity', '']) assert.equal((await readBody(base64(Buffer.from('abc'), name))).toString(), 'abc');
});

for (const name of ['deflate', 'br', 'zstd', 'gzip, gzip', 'gzip\r\nx-evil: 1', '__proto__']) {
  test(`the encoding ${JSON.stringify(name)} is refused with what is taken`, async () => {
    await assert.rejects(readBody(base64(deflateSync('abc'), name)), {
      name: 'UnsupportedMediaType',
      status: 415,
      message: /^Content-Encoding "[ -~]*" is not supported: use gzip or none$/,
      headers: { 'accept-encoding': 'gzip, identity' },
    });
  });
}

test('broken gzip is refused', async () => {
  const gzipped = gzipSync('abc'.repeat(1000));
  const flipped = Buffer.from(gzipped);
  flipped[gzipped.length - 6] ^= 1;

  for (const bytes of [Buffer.from('not gzip'), gzipped.subarray(0, -1), gzipped.subarray(0, 5), flipped, deflateSync('abc')]) {
    await assert.rejects(readBody(base64(bytes, 'gzip')), { name: 'BadRequest', status: 400, message: /not whole and valid gzip/ });
  }
});

test('a body of exactly the limit passes and one byte more does not', async () => {
  for (const size of [1, 2, 3, 100]) {
    const bytes = Buffer.alloc(size, 'x');

    assert.equal((await readBody(base64(bytes), size)).length, size);
    assert.equal((await readBody(plain(bytes.toString()), size)).length, size);
    await assert.rejects(readBody(base64(bytes), size - 1), { name: 'TooLarge', status: 413 });
    await assert.rejects(readBody(plain(bytes.toString()), size - 1), { name: 'TooLarge' });
  }
});

test('the limit counts bytes, not characters', async () => {
  await assert.rejects(readBody(plain('üü'), 3), { name: 'TooLarge', message: /larger than 3 bytes:/ });
});

test('the limit counts what a compressed body inflates to', async () => {
  const gzipped = gzipSync(Buffer.alloc(10_000));

  assert.equal((await readBody(base64(gzipped, 'gzip'), 10_000)).length, 10_000);
  await assert.rejects(readBody(base64(gzipped, 'gzip'), 9_999), { name: 'TooLarge', message: /larger than 9999 bytes when decompressed/ });
});

test('a bomb is refused at the limit, before the rest of it is inflated', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const many = Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(1024 * 1024))));

  for (const bytes of [bomb, many]) {
    // Who inflates to the end finds the checksum wrong.
    bytes[bytes.length - 6] ^= 1;
    await assert.rejects(readBody(base64(bytes, 'gzip')), { name: 'TooLarge', status: 413 });
    await assert.rejects(readBody(base64(bytes, 'gzip'), 100 * MAX_BODY_BYTES), { name: 'BadRequest' });
  }
});
