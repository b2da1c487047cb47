/** Kafka's protocol has signed 32-bit integers for numbers of partitions, ids of schemas and counts. */
export const MAX_INT32 = 2 ** 31 - 1;

/** The highest number that a partition can have. */
export const MAX_PARTITION = 2 ** 31 - 1;

/** The most bytes of a text, whose length is a signed 16-bit integer; so is a replication factor. */
export const MAX_TEXT_BYTES = 2 ** 15 - 1;
export const MAX_REPLICAS = 2 ** 15 - 1;
