import type { TestContext } from 'node:test';
import { BrokerConnection, type Sasl } from '../../../../lib/kafka/connection/connection.ts';
import { fetch } from '../../../../lib/kafka/protocol/fetch.ts';
import { metadata, NO_EPOCH } from '../../../../lib/kafka/protocol/metadata.ts';
import { metadataAnswer, readMetadata } from '../../../harness/fake-broker/broker-side.ts';
import type { ReceivedRequest } from '../../../harness/fake-broker/fake-broker.ts';

export const PLENTY_MS = 20_000;
export const user: Sasl = { mechanism: 'plain', username: 'gateway', password: 'p4ssword' };

/** A fetch that waits at the end of a log. */
export const longPoll = fetch({
  ...{ topic: 'orders', partition: 0, leaderEpoch: NO_EPOCH, offset: 0 },
  ...{ waitMs: 900, minBytes: 1, maxBytes: 1, isolation: 'read_committed' },
});

export function connectionTo(t: TestContext, address: string, sasl: Sasl | null = null): BrokerConnection {
  const connection = new BrokerConnection(address, { clientId: 'grüße', ssl: null }, sasl && { sasl, certificate: null });
  t.after(() => connection.close());
  return connection;
}

/** Answers Metadata with the topics asked for as the cluster's id. */
export const echo = ({ body }: ReceivedRequest) => metadataAnswer({ clusterId: String(readMetadata(body).topics) });
export const ask = async (connection: BrokerConnection, topic: string) => (await connection.send(metadata([topic]), PLENTY_MS)).clusterId;
