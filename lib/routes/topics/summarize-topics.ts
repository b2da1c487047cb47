import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import { optional, time } from '../../http/query.ts';
import { topicSummaries } from '../../kafka/fetch/topic-summaries.ts';
import { noTopicsToSummarize } from '../../messages/topics.ts';

/** The number of offsets in several topics, and how many of them are newer than a time. */
export const summarizeTopics = route('GET /topics/{topics}/summary', {
  operation: 'describe',
  offers: genericTypes,
  names: ({ topics }) => ({ topics }),
  query: { since: optional(time) },
  read({ path: { topics } }) {
    if (topics.length === 0) throw noTopicsToSummarize();
  },
  async answer({ request: { path, deadline }, cluster, query: { since } }) {
    const found = await topicSummaries(cluster, path.topics, since ?? null, deadline);
    const rows = found.map(({ topic, partitions, offsets, since: offsets_since }) => ({ topic, partitions, offsets, offsets_since }));
    return { body: JSON.stringify(rows) };
  },
});
