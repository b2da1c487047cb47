import type { RouteKey } from '../../lib/http/api.ts';
import { judgeErrorCode, judgeMessage } from './message.ts';
import {
  anything,
  base64,
  boolean,
  count,
  either,
  exactly,
  list,
  matching,
  nullable,
  object,
  offset,
  type Shape,
  text,
  time,
} from './shape.ts';

const nothing = exactly(null);

const shownPartition = object({
  partition: count,
  leader: offset,
  replicas: list(object({ broker: count, leader: boolean, in_sync: boolean })),
});

/** One record's: where it stands, or why it does not. */
const result =
  (topic: Record<string, Shape>): Shape =>
  (value, place) => {
    const { error_code: code }: { error_code?: unknown } = Object(value);
    const shape =
      code === null
        ? object({ ...topic, partition: count, offset, timestamp: time, error_code: nothing, error: nothing })
        : object({ ...topic, partition: nothing, offset: nothing, timestamp: nothing, error_code: judgeErrorCode, error: judgeMessage });
    shape(value, place);
  };

const produced = object({
  offsets: list(either('topic', result({ topic: text }), result({}))),
  key_schema_id: nothing,
  value_schema_id: nothing,
});

const hidden = {
  raw_key: nullable(base64),
  raw_value: nullable(base64),
  error: object({ error_code: exactly(40801), message: judgeMessage }),
};

/** Members of a record that is shown. */
const record = {
  topic: text,
  partition: count,
  offset: count,
  timestamp: time,
  key: anything,
  value: anything,
  headers: list(object({ key: text, value: nullable(base64) })),
};

const gap = object({ topic: text, partition: count, from: count, to: count });

/** What ends a page of many partitions. */
export const pageEnd = { pagination: object({ nextCursor: text, limit: nullable(count), lag: nullable(count) }), gaps: list(gap) };

/** A record of a page of many partitions. */
export const pageItem = object({ id: text, ...record }, hidden);

const groupOffset = object({
  topic: text,
  partition: count,
  offset: nullable(count),
  metadata: nullable(text),
  end_offset: nullable(count),
  lag: nullable((value, place) => exactly(true)(Number.isSafeInteger(value), place)),
});

const listedGroup = { group_id: text, type: text, state: text, protocol_type: text };
const assignment = object({ topic: text, partitions: list(count) });
const member = object({
  member_id: text,
  instance_id: nullable(text),
  client_id: text,
  host: text,
  assignments: nullable(list(assignment)),
});

const bounds = { beginning_offset: count, end_offset: count };
const atTime = { offset, timestamp: time };

/** JSON that the routes of version 2 of the API answer with. */
export const v2Successes: { readonly [Key in RouteKey]?: Shape } = {
  'GET /': object({ name: text, version: text }),
  'GET /health': object({ status: exactly('ok') }),
  'GET /health/ready': object({ status: exactly('ready'), brokers: count }),
  'GET /openapi.json': (value, place) => matching(/^3\.1\./)(Object(value).openapi, place),
  'GET /openapi/v3': (value, place) => matching(/^3\.1\./)(Object(value).openapi, place),
  'GET /whoami': object({ principal: nullable(text), mode: nullable(text), grants: anything }),
  'GET /brokers': object({ brokers: list(count) }),
  'GET /topics': list(text),
  'GET /topics/{topic}': object({ name: text, configs: anything, partitions: list(shownPartition) }),
  'POST /topics/{topic}': produced,
  'GET /topics/{topic}/offsets': list(either('offset', object({ partition: count, ...atTime }), object({ partition: count, ...bounds }))),
  'GET /topics/{topics}/summary': list(object({ topic: text, partitions: count, offsets: count, offsets_since: nullable(count) })),
  'GET /topics/{topics}/records': object({ items: list(pageItem), ...pageEnd }),
  'GET /topics/{topic}/partitions': list(shownPartition),
  'GET /topics/{topic}/partitions/{partition}': shownPartition,
  'POST /topics/{topic}/partitions/{partition}': produced,
  'GET /topics/{topic}/partitions/{partition}/offsets': either('offset', object(atTime), object(bounds)),
  'GET /topics/{topic}/partitions/{partition}/records': list(object(record, hidden)),
  'GET /topics/{topic}/partitions/{partition}/messages': list(object(record, hidden)),
  'POST /records': produced,
  'POST /admin/topics': object({}),
  'GET /groups': object({ groups: list(object(listedGroup)) }),
  'GET /groups/{group}': object({ ...listedGroup, protocol: text, members: list(member) }),
  'DELETE /groups/{group}': anything,
  'GET /groups/{group}/offsets': object({ offsets: list(groupOffset) }),
  'PUT /groups/{group}/offsets': object({ offsets: list(object({ topic: text, partition: count, offset: count, metadata: text })) }),
  'DELETE /groups/{group}/offsets': anything,
};
