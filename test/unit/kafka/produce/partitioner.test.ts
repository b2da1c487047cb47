import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import kafkajsMurmur2 from 'kafkajs/src/producer/partitioners/default/murmur2.js';
import { murmur2, partitionOfKey, Spread } from '../../../../lib/kafka/produce/partitioner.ts';
import { whole } from '../../../../lib/kafka/record.ts';

const hash = (text: string): number => murmur2(Buffer.from(text), 0, Buffer.byteLength(text));

test('murmur2 is that of the Java client: the values of its own test', () => {
  assert.equal(hash('21'), -973932308);
  assert.equal(hash('foobar'), -790332482);
  assert.equal(hash('a-little-bit-long-string'), -985981536);
  assert.equal(hash('a-little-bit-longer-string'), -1486304829);
  assert.equal(hash('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'), -58897971);
  assert.equal(hash('abc'), 479470107);
});

test('any key inside any buffer has the hash that kafkajs gives it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 9 }), (key, around) => {
      const bytes = Buffer.concat([around, key, around]);

      assert.equal(murmur2(bytes, around.length, around.length + key.length), kafkajsMurmur2(Buffer.from(key)));
    }),
  );
});

test('a key goes to the partition of its hash without the sign', () => {
  assert.equal(partitionOfKey(whole(Buffer.from('foobar')), 16), (-790332482 & 0x7fffffff) % 16);
  assert.equal(partitionOfKey(whole(Buffer.from('abc')), 7), 479470107 % 7);
  assert.equal(partitionOfKey(whole(Buffer.from('anything')), 1), 0);
});

test('requests of one record take turns over all partitions', () => {
  const spread = new Spread();
  const partitions = [0, 1, 2, 3, 4];

  const rounds = [0, 1, 2].map(() => partitions.map(() => spread.begin('orders', partitions)(100)));

  for (const round of rounds) assert.deepEqual(round.toSorted(), partitions);
});

test('topics of one request take their turns by themselves, and only where they have a record without a key', () => {
  const spread = new Spread();
  const seen = new Map<string, number>();
  const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);

  for (let request = 0; request < 400; request++) {
    const places = ['orders', 'clicks', 'unused'].map((topic) => spread.begin(topic, [0, 1, 2, 3]));
    count(`orders ${places[0](100)}`);
    count(`clicks ${places[1](100)}`);
  }

  assert.deepEqual([...seen.values()], Array(8).fill(100));
});

test('records of one request stay together until 16 KiB are full', () => {
  const where = new Spread().begin('orders', [0, 1, 2]);

  const places = Array.from({ length: 48 }, () => where(1024));

  const runs = places.filter((partition, i) => partition !== places[i - 1]);
  assert.equal(runs.length, 3);
  assert.equal(new Set(runs).size, 3);
  assert.deepEqual(
    runs.map((run) => places.filter((partition) => partition === run).length),
    [16, 16, 16],
  );
});

test('a record that fills a run alone does not skip a partition', () => {
  const where = new Spread().begin('orders', [0, 1, 2]);

  const places = Array.from({ length: 6 }, () => where(20_000));

  assert.equal(new Set(places.slice(0, 3)).size, 3);
  assert.deepEqual(places.slice(3), places.slice(0, 3));
});

test('the partitions given are the ones used, whatever their numbers', () => {
  const spread = new Spread();

  const places = Array.from({ length: 10 }, () => spread.begin('orders', [7, 3])(1));

  assert.deepEqual(new Set(places), new Set([3, 7]));
});

test('instances begin at different partitions', () => {
  const partitions = Array.from({ length: 100 }, (_, i) => i);

  const first = Array.from({ length: 20 }, () => new Spread().begin('orders', partitions)(1));

  assert.ok(new Set(first).size > 1);
});
