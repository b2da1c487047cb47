import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compress } from '../../../../lib/kafka/compression/compress.ts';
import { decompress as decompressPieces } from '../../../../lib/kafka/compression/decompress.ts';
import { codecId, compressionNames } from '../../../../lib/kafka/compression/names.ts';
import { content, lines } from './content.ts';
import { wholeOf } from './whole.ts';

const decompress = (...given: Parameters<typeof decompressPieces>) => wholeOf(decompressPieces(...given));

const codecs = compressionNames.filter((name) => name !== 'none');

test('codecs have the numbers that Kafka gives them', () => {
  assert.deepEqual(
    compressionNames.map((name) => [name, codecId(name)]),
    [
      ['none', 0],
      ['gzip', 1],
      ['snappy', 2],
      ['lz4', 3],
      ['zstd', 4],
    ],
  );
});

test('every codec gives back what it was given, by its number', async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.constantFrom(...codecs), async (bytes, name) => {
      const packed = await compress(name, bytes);

      assert.deepEqual(await decompress(codecId(name), packed), bytes);
    }),
    { numRuns: 40 },
  );
});

test('a number that Kafka has no codec for is refused', async () => {
  for (const id of [0, 5, 6, 7, -1]) {
    await assert.rejects(decompress(id, Buffer.from('x')), { name: 'KafkaRefused', message: `Kafka has no codec ${id}` });
  }
});

for (const name of codecs) {
  test(`${name} that inflates past the limit is too large, and says what the limit is`, async () => {
    const packed = await compress(name, Buffer.alloc(200_000, 'abc'));

    assert.equal((await decompress(codecId(name), packed, 200_000)).length, 200_000);
    await assert.rejects(decompress(codecId(name), packed, 199_999), {
      name: 'TooLarge',
      message: 'it inflates to more than 199999 bytes',
    });
  });

  test(`${name} that is damaged is refused, with what the codec said as the cause`, async () => {
    const packed = await compress(name, lines(500));
    const cut = packed.subarray(0, packed.length >> 1);

    await assert.rejects(decompress(codecId(name), cut), (error: Error) => {
      assert.equal(error.name, 'KafkaRefused');
      assert.equal(error.message, `its ${name} compression is damaged`);
      assert.ok(error.cause instanceof Error);
      return true;
    });
  });
}

test('without a limit of its own a batch may inflate to 64 MiB', async () => {
  const packed = await compress('zstd', Buffer.alloc(64 * 1024 * 1024 + 1));

  await assert.rejects(decompress(codecId('zstd'), packed), { name: 'TooLarge', message: /67108864 bytes/ });
});
