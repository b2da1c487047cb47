import { BrokerConnection } from '../../../lib/kafka/connection/connection.ts';
import { briefHeartbeat, LEAVE } from '../../../lib/kafka/protocol/consumer-group-heartbeat.ts';
import { call } from '../http/gateway.ts';

/** Ends the sessions of all members of a group, as the coordinator does with silent members. @param kafka `host:port` */
export async function endSessions(group: string, kafka: string): Promise<void> {
  const { json } = await call<{ members: { member_id: string }[] }>('GET', `/groups/${group}`);
  const connection = new BrokerConnection(kafka, { clientId: 'test', ssl: null }, null);
  await connection.connect();
  for (const { member_id } of json.members) await connection.send(briefHeartbeat(group, member_id, LEAVE), 20_000);
  connection.close();
}
