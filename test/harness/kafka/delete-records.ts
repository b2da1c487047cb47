import { withAdmin } from './topics.ts';

/** Deletes the records of a topic's first partition below an offset: the log begins there from now on. */
export async function deleteRecordsBelow(topic: string, offset: number): Promise<void> {
  await withAdmin(undefined, async (admin) => {
    // kafkajs looks the leader up only here.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
}
