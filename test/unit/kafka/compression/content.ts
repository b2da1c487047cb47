import { randomBytes } from 'node:crypto';
import fc from 'fast-check';

/** Bytes that compress well, badly, or not at all, up to several blocks of any codec. */
export const content: fc.Arbitrary<Buffer> = fc
  .array(
    fc.record({ bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }), times: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.nat(3000)) }),
    {
      maxLength: 5,
    },
  )
  .map((runs) => Buffer.concat(runs.map(({ bytes, times }) => Buffer.concat(Array<Uint8Array>(times).fill(bytes)))));

/** Bytes in which no codec finds anything to save. */
export const incompressible = (size: number): Buffer => randomBytes(size);

/** The like of records: JSON of much the same shape. Deterministic. */
export function jsonRecords(size: number): Buffer {
  const records: string[] = [];
  let length = 0;
  for (let state = 1; length < size; ) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    const record = JSON.stringify({ id: state % 1_000_003, name: `sensor-${state % 53}`, ok: state % 3 === 0, value: (state % 997) / 10 });
    records.push(record);
    length += record.length;
  }
  return Buffer.from(records.join('')).subarray(0, size);
}

/** The content of the samples that Kafka's Java client (4.1.2) compressed. */
export const lines = (count: number): Buffer => Buffer.from('a record of Kafka\n'.repeat(count));
