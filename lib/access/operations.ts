/** What callers can be granted, and what limits tell requests apart by: what is done to a topic or a consumer group. */
export const operations = ['produce', 'read', 'describe', 'commit', 'create', 'delete', 'alter'] as const;

/** One of {@link operations}. */
export type Operation = (typeof operations)[number];
