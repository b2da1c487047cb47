import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../lib/errors.ts';
import { readOffsets } from '../../../../lib/routes/groups/offsets-body.ts';

const read = (...offsets: unknown[]) => readOffsets({ offsets });

test('a number, an end of the log or a time says where to go on', () => {
  const orders = { topic: 'orders', metadata: null };

  assert.deepEqual(
    read(
      { topic: 'orders', partition: 3, offset: 0 },
      { topic: 'orders', partition: 3, offset: 2 ** 53 - 1, metadata: 'x' },
      { topic: 'orders', offset: 'earliest' },
      { topic: 'orders', partition: null, offset: 'latest', timestamp: null, metadata: null },
      { topic: 'orders', timestamp: 1_735_689_600_000 },
      { topic: 'orders', partition: 0, timestamp: '2025-01-01T01:00:00.000+01:00' },
    ),
    [
      { ...orders, partition: 3, at: { offset: 0 } },
      { ...orders, partition: 3, at: { offset: 2 ** 53 - 1 }, metadata: 'x' },
      { ...orders, partition: null, at: { timestamp: -2 } },
      { ...orders, partition: null, at: { timestamp: -1 } },
      { ...orders, partition: null, at: { timestamp: 1_735_689_600_000 } },
      { ...orders, partition: 0, at: { timestamp: 1_735_689_600_000 } },
    ],
  );
});

const place = { topic: 'orders', partition: 0 };
const refused: [json: unknown, status: number, message: RegExp][] = [
  [undefined, 422, /must be a JSON object with offsets/],
  [[], 422, /must be a JSON object with offsets/],
  [{}, 422, /offsets must be an array of at least one/],
  [{ offsets: [] }, 422, /offsets must be an array of at least one/],
  [{ offsets: {} }, 422, /offsets must be an array/],
  [{ offsets: [{ ...place, offset: 0 }], group: 'g' }, 422, /Unrecognized field: "group"/],
  [{ offsets: [], ['\u202e\n'.repeat(1e5)]: 1 }, 422, /^Unrecognized field: "[?]{80}\.\.\."$/],
  [{ offsets: [null] }, 422, /^offsets\[0\] must be an object/],
  [{ offsets: [{ ...place, offset: 0 }, 7] }, 422, /^offsets\[1\] must be an object/],
  [{ offsets: [{ ...place, offset: 0, lag: 1 }] }, 422, /Unrecognized field: "lag"/],
  [{ offsets: [{ partition: 0, offset: 0 }] }, 422, /^offsets\[0\]\.topic must be a string/],
  [{ offsets: [{ topic: 'a b', offset: 'latest' }] }, 400, /topic name/],
  [{ offsets: [{ ...place, partition: -1, offset: 0 }] }, 422, /partition must be an integer/],
  [{ offsets: [{ ...place, partition: 'a', offset: 0 }] }, 422, /partition must be an integer/],
  [{ offsets: [{ ...place, partition: 2 ** 31, offset: 0 }] }, 422, /partition must be an integer/],
  [{ offsets: [place] }, 422, /must have either offset or timestamp/],
  [{ offsets: [{ ...place, offset: 0, timestamp: 0 }] }, 422, /must have either offset or timestamp/],
  [{ offsets: [{ topic: 'orders', offset: 0 }] }, 422, /must have a partition, as its offset is a number/],
  [{ offsets: [{ ...place, offset: -1 }] }, 422, /offset must be an integer from 0, earliest or latest/],
  [{ offsets: [{ ...place, offset: 1.5 }] }, 422, /offset must be/],
  [{ offsets: [{ ...place, offset: 2 ** 53 }] }, 422, /offset must be/],
  [{ offsets: [{ ...place, offset: 'a' }] }, 422, /offset must be/],
  [{ offsets: [{ ...place, offset: 'end' }] }, 422, /offset must be/],
  [{ offsets: [{ ...place, timestamp: -1 }] }, 422, /timestamp must be a time/],
  [{ offsets: [{ ...place, timestamp: 'yesterday' }] }, 422, /timestamp must be a time/],
  [{ offsets: [{ ...place, timestamp: [0] }] }, 422, /timestamp must be a time/],
  [{ offsets: [{ ...place, offset: 0, metadata: 7 }] }, 422, /metadata must be a string/],
  [{ offsets: [{ ...place, offset: 0, metadata: 'ü'.repeat(2 ** 14) }] }, 422, /metadata must be a string of at most/],
];
for (const [json, status, message] of refused) {
  test(`${String(JSON.stringify(json)).slice(0, 80)} is refused with ${status}`, () => {
    assert.throws(() => readOffsets(json), { status, message });
  });
}

test('whatever the body, the outcome is positions or an error of ours', () => {
  const offset = fc.record(
    { topic: fc.oneof(fc.constant('orders'), fc.anything()), partition: fc.oneof(fc.nat(), fc.anything()), offset: fc.anything() },
    { requiredKeys: [] },
  );

  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record({ offsets: fc.array(offset) })), (json) => {
      try {
        for (const { topic } of readOffsets(json)) assert.equal(topic, 'orders');
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error));
      }
    }),
  );
});
