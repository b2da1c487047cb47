/** Operations on a topic or a consumer group, as grants and limits name them. */
export const operations = ['produce', 'read', 'describe', 'commit', 'consume', 'create', 'delete', 'alter', 'subscribe'] as const;

/** One of {@link operations}. */
export type Operation = (typeof operations)[number];
