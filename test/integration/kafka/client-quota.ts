import { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import type { Request } from '../../../lib/kafka/protocol/request.ts';
import { Writer } from '../../../lib/kafka/protocol/wire.ts';

/** Bytes a second that Kafka lets clients of one id write or read; partitions a second that it lets them create or delete. */
export type Quota = 'producer_byte_rate' | 'consumer_byte_rate' | 'controller_mutation_rate';

/** Sets a quota of the gateway's client id; kafkajs has no request for it. */
export async function setQuota(bootstrapServers: string, quota: Quota, perSecond: number): Promise<void> {
  const settings = { clientId: 'quota-setter', ssl: null, credentials: null, maxIdleMs: 60_000, metadataMaxAgeMs: 60_000 };
  const cluster = new Cluster({ bootstrapServers: [bootstrapServers], ...settings });
  try {
    const connection = await cluster.anyBroker();
    const errors = await connection.send(alterClientQuotas(quota, perSecond), 10_000);
    if (errors.some((error) => error !== 0)) throw new Error(`Kafka did not set the quota: ${errors}`);
  } finally {
    cluster.close();
  }
}

const alterClientQuotas = (quota: Quota, perSecond: number): Request<number[]> => ({
  key: 49,
  name: 'AlterClientQuotas',
  versions: { min: 0, max: 0 },
  encode() {
    const rate = Buffer.alloc(8);
    rate.writeDoubleBE(perSecond);
    const entity = new Writer().int32(1).int32(1).string('client-id').string('kafka-http-gateway').int32(1).string(quota).done();
    return [entity, rate, new Writer().boolean(false).boolean(false).done()];
  },
  decode(reader) {
    reader.int32();
    return reader.array(() => {
      const error = reader.int16();
      reader.nullableString();
      reader.array(() => {
        reader.string();
        reader.nullableString();
      });
      return error;
    });
  },
});
