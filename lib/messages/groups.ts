import { message } from './message.ts';

/** Messages on consumer groups and their offsets. */

export const groupNameTooLong = /* @__PURE__ */ message(
  'InvalidArgument',
  (most: number) => `The name of a consumer group has more than ${most} bytes`,
  'use a shorter one',
);

export const partitionTwice = /* @__PURE__ */ message(
  'InvalidRecord',
  'offsets has a partition more than once',
  'name each partition once',
);
/** Names no topic, as the caller may not know of it. */
export const offsetsOfOthers = /* @__PURE__ */ message(
  'Forbidden',
  'The consumer group has offsets of topics that you have no grant to read',
  'delete those of a topic that you have a grant for, with topic=',
);
export const offsetOrTimestamp = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: string) => `${place} must have either offset or timestamp`,
);
export const offsetNeedsPartition = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: string) => `${place} must have a partition, as its offset is a number`,
);
