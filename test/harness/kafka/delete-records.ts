import { withAdmin } from './topics.ts';

/** Deletes the records of a topic's first partition below an offset, where the log then begins. */
export async function deleteRecordsBelow(topic: string, offset: number): Promise<void> {
  await withAdmin(undefined, async (admin) => {
    // kafkajs looks up the leader only in this call.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
}
