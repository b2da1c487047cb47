import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../lib/errors.ts';
import { decompress } from '../../../../lib/kafka/compression/decompress.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { packed, part, read } from './reading.ts';

test('a batch of a format from before Kafka 0.11 is refused by its offset', async () => {
  const old = inLog(writeBatch([recordOf('a')]), { baseOffset: 12 });
  old[layout.MAGIC] = 1;

  await assert.rejects(read(old, { from: 12 }), { name: 'KafkaRefused', message: /offset 12 .*format v1/ });
});

/** A message as Kafka before 0.11 had it: its offset, its size, a checksum, the version, attributes, perhaps a time, key and value. */
function oldMessage(offset: number, version: 0 | 1, value: string): Buffer {
  const head = Buffer.alloc(version === 0 ? 26 : 34, 0xff);
  const message = Buffer.concat([head, Buffer.from(value)]);
  message.writeBigInt64BE(BigInt(offset), 0);
  message.writeInt32BE(message.length - 12, 8);
  message.writeInt16BE(version << 8, 16);
  return message;
}

for (const version of [0, 1] as const) {
  test(`messages of format v${version} are refused whatever their length, with where to go on`, async () => {
    for (const length of [0, 1, 20, 27, 40, 300]) {
      const messages = [12, 13, 14].map((offset) => oldMessage(offset, version, 'x'.repeat(length)));
      const batch = inLog(writeBatch([recordOf('new')]), { baseOffset: 15 });

      await assert.rejects(read(Buffer.concat([...messages, batch]), { from: 12 }), {
        name: 'KafkaRefused',
        message: `The records from offset 12 to 14 are in the message format v${version} of Kafka before 0.11, which the gateway does not support: continue with offset 15`,
        goOn: { offset: 15 },
      });
      await assert.rejects(read(messages[0], { from: 12 }), { goOn: { offset: 13 } });
    }
  });
}

test('a message of an old format that is cut off anywhere behind its version is refused as well', async () => {
  const message = oldMessage(12, 1, 'value');

  for (let end = 17; end < message.length; end++) {
    await assert.rejects(read(message.subarray(0, end), { from: 12 }), { goOn: { offset: 13 } }, `cut at ${end}`);
  }
});

test('old messages whose sizes cannot be do not keep the reader for ever', async () => {
  for (const size of [0, -1, -12, -(2 ** 31), 2 ** 31 - 1]) {
    const message = oldMessage(12, 0, 'value');
    message.writeInt32BE(size, 8);

    await assert.rejects(read(message, { from: 12 }), { goOn: { offset: 13 } }, `size ${size}`);
  }
});

test('a first batch that is known to be whole and is not is refused, with where to go on', async () => {
  const batch = inLog(writeBatch([recordOf('a')]), { baseOffset: 12 });
  batch.writeInt32BE(1_000_000, layout.LENGTH);

  await assert.rejects(read(batch, { from: 12, firstIsWhole: true }), { name: 'KafkaRefused', goOn: { offset: 13 } });
  assert.equal((await read(batch, { from: 12 })).nextOffset, 12);
});

test('a batch that inflates too far is refused: its offsets, the limit, and where to go on', async () => {
  const batch = inLog(await packed([recordOf('x'.repeat(5000)), recordOf('y')], 'gzip'), { baseOffset: 30 });

  const reading = read(batch, { from: 30, decompress: (codec, bytes) => decompress(codec, bytes, 4000) });

  await assert.rejects(reading, {
    name: 'TooLarge',
    message: 'The batch of offsets 30 to 31 cannot be read, as it inflates to more than 4000 bytes: continue with offset 32',
  });
});

test('a batch of an unknown codec is refused by its offsets', async () => {
  const batch = inLog(writeBatch([recordOf('a')]), { baseOffset: 3, attributes: 5 });

  await assert.rejects(read(batch), { name: 'KafkaRefused', message: /offsets 3 to 3 .* codec 5: continue with offset 4$/ });
});

/** The fields of a record behind its length: one after the other, as bytes. */
const withRecord = (...fields: number[]): Buffer => {
  const record = Buffer.from([fields.length * 2, ...fields]);
  const batch = Buffer.concat([writeBatch([recordOf('a')]).subarray(0, layout.HEADER), record]);
  batch.writeInt32BE(batch.length - 12, layout.LENGTH);
  return inLog(batch, { baseOffset: 41 });
};
const MANY = [0xfe, 0xff, 0xff, 0xff, 0x0f];

const damaged: Record<string, Buffer> = {
  'a record of no length': withRecord(),
  'a key that reaches past its record': withRecord(0, 0, 0, 20, 1, 0),
  'a key of two gigabytes': withRecord(0, 0, 0, ...MANY, 1, 0),
  'a value of two gigabytes': withRecord(0, 0, 0, 1, ...MANY, 0),
  'two billion headers': withRecord(0, 0, 0, 1, 1, ...MANY),
  'a negative number of headers': withRecord(0, 0, 0, 1, 1, 1),
  'a header without a key': withRecord(0, 0, 0, 1, 1, 2, 1, 1),
  'a header that reaches past its record': withRecord(0, 0, 0, 1, 1, 2, 2, 40),
  'bytes behind the headers': withRecord(0, 0, 0, 1, 1, 0, 0, 0),
  'a record that is cut off': withRecord(0, 0),
};
for (const [what, batch] of Object.entries(damaged)) {
  test(`a damaged batch is refused with its offsets: ${what}`, async () => {
    await assert.rejects(read(batch, { from: 41 }), {
      name: 'KafkaRefused',
      message: 'The batch of offsets 41 to 41 cannot be read, as its bytes do not hold what its header says: continue with offset 42',
    });
  });
}

test('a batch that cannot be read ends the records before it, and is an error when it comes first', async () => {
  const good = inLog(writeBatch([recordOf('a')]), { baseOffset: 40 });
  const bytes = Buffer.concat([good, damaged['a header without a key'], inLog(writeBatch([recordOf('b')]), { baseOffset: 42 })]);

  const { records, nextOffset } = await read(bytes, { from: 40 });

  assert.deepEqual([records.length, nextOffset], [1, 41]);
  await assert.rejects(read(bytes, { from: 41 }), { name: 'KafkaRefused', message: /^The batch of offsets 41 to 41 / });
});

test('a record of negative length is no way back to itself', async () => {
  const batch = Buffer.concat([writeBatch([recordOf('a')]).subarray(0, layout.HEADER), Buffer.from([1, 0, 0, 0, 0, 0])]);
  batch.writeInt32BE(batch.length - 12, layout.LENGTH);
  batch.writeInt32BE(2 ** 31 - 1, layout.RECORD_COUNT);
  const stored = inLog(batch, { baseOffset: 41, lastOffsetDelta: 10 });

  await assert.rejects(read(stored, { from: 45 }), { name: 'KafkaRefused' });
});

test('more records than the batch has bytes for are not looked for in the next batch', async () => {
  const first = inLog(writeBatch([recordOf('a')]), { baseOffset: 0 });
  first.writeInt32BE(2, layout.RECORD_COUNT);
  const second = inLog(writeBatch([recordOf('b')]), { baseOffset: 1 });

  await assert.rejects(read(Buffer.concat([first, second])), { name: 'KafkaRefused', message: /^The batch of offsets 0 to 0 / });
});

test('a batch whose length cannot be is refused', async () => {
  for (const length of [0, 48, -1, -12, -100, -(2 ** 31)]) {
    const { bytes } = await part([[recordOf('a')], [recordOf('b')]]);
    bytes.writeInt32BE(length, layout.LENGTH);

    await assert.rejects(read(bytes, { from: 10 }), { name: 'KafkaRefused' }, `length ${length}`);
  }
});

test('whatever bytes are damaged, there is an answer or an error of ours', async () => {
  const { bytes } = await part([[recordOf('some value'), recordOf('another')], [recordOf('third')]]);
  const place = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 4 }), fc.nat(4), async (places, from) => {
      const broken = Buffer.from(bytes);
      for (const [at, byte] of places) broken[at] = byte;

      const error = await read(broken, { from }).then(
        () => null,
        (thrown: unknown) => thrown,
      );

      assert.ok(error === null || error instanceof GatewayError, String(error));
    }),
    { numRuns: 1000 },
  );
});
