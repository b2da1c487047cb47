import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Header, StoredRecord } from '../../../../lib/kafka/record.ts';
import { recordFormats } from '../../../../lib/records/formats/record-formats.ts';
import { readProduceBody } from '../../../../lib/records/requests/produce-body.ts';
import { renderRecords } from '../../../../lib/records/responses/render-records.ts';
import { bytesOf } from '../bytes-of.ts';
import { jsonText } from '../json-text.ts';
import { anyText } from '../text-arbitrary.ts';

/** A field: as it stands in bodies (any JSON text that means the same in a request), and its bytes in Kafka. */
interface Field {
  sent: string;
  shown: string;
  stored: Buffer | null;
}

const none = fc.constant<Field>({ sent: 'null', shown: 'null', stored: null });
const fields = {
  binary: fc.uint8Array({ maxLength: 200 }).map((array): Field => {
    const stored = Buffer.from(array);
    return { sent: `"${stored.toString('base64').replaceAll('/', '\\/')}"`, shown: `"${stored.toString('base64')}"`, stored };
  }),
  json: jsonText
    .filter(({ compact }) => compact !== 'null')
    .map(({ text, compact }): Field => ({ sent: text, shown: compact, stored: Buffer.from(compact) })),
  text: fc
    .string({ unit: 'binary', maxLength: 80 })
    .map((text): Field => ({ sent: JSON.stringify(text), shown: JSON.stringify(text), stored: Buffer.from(text) })),
};
const header = fc
  .tuple(fc.oneof(fc.constantFrom('h', ''), anyText(8)), fc.option(fc.uint8Array({ maxLength: 20 })))
  .map(([key, value]): Header => ({ key, value: value === null ? null : Buffer.from(value) }));

const headersText = (headers: Header[]) =>
  JSON.stringify(headers.map(({ key, value }) => ({ key, value: value?.toString('base64') ?? null })));

for (const format of ['binary', 'json', 'text'] as const) {
  const field = fc.oneof({ weight: 5, arbitrary: fields[format] }, none);
  const record = fc.record({
    key: field,
    value: field,
    headers: fc.array(header, { maxLength: 3 }),
    timestamp: fc.maxSafeNat(),
    partition: fc.nat({ max: 2 ** 31 - 1 }),
  });

  test(`in the ${format} format, all that goes in comes out the same`, () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 10 }), (records) => {
        const body = `{"records":[${records
          .map(({ key, value, headers, timestamp, partition }) => {
            return `{"key":${key.sent},"value":${value.sent},"headers":${headersText(headers)},"timestamp":${timestamp},"partition":${partition}}`;
          })
          .join()}]}`;

        const parsed = readProduceBody(Buffer.from(body), recordFormats[format], { now: 0, topic: 't', partition: null }).records;

        for (const [i, { key, value, headers, timestamp, partition }] of records.entries()) {
          assert.deepEqual([bytesOf(parsed[i].key), bytesOf(parsed[i].value)], [key.stored, value.stored]);
          assert.deepEqual(parsed[i].headers ?? [], headers);
          assert.deepEqual([parsed[i].timestamp, parsed[i].partition, parsed[i].topic], [timestamp, partition, 't']);
        }
        const log = parsed.map(({ key, value, headers, timestamp }, offset): StoredRecord => ({ key, value, headers, timestamp, offset }));
        const expected = records.map(({ key, value, headers, timestamp }, offset) => {
          return `{"topic":"t","partition":0,"offset":${offset},"timestamp":${timestamp},"key":${key.shown},"value":${value.shown},"headers":${headersText(headers)}}`;
        });
        assert.equal(
          renderRecords(recordFormats[format], 't', 0, log, { maxEncodedBytes: 1_000_000 }).out.toString(),
          `[${expected.join()}]`,
        );
      }),
      { numRuns: 300 },
    );
  });
}
