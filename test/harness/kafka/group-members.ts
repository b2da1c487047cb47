import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { PartitionAssigner } from 'kafkajs';
import { classPath } from '../../../infra/local/jars.ts';
import { jdkCommand, quickJvm } from '../../../infra/local/java.ts';
import { javaClasses } from './java-classes.ts';
import { kafkajsConsumer } from './kafkajs-consumer.ts';
import { sharedKafka } from './shared-kafka.ts';

/** A group member that reads from the committed offset, or from the beginning, and commits nothing. */
export interface GroupMember {
  /** The place of each record that it has received. */
  received: { partition: number; offset: number }[];
  /** Leaves the group. */
  leave(): Promise<void>;
}

/** Joins a group of the classic protocol with kafkajs. The member leaves at the end of the test at the latest. */
export async function joinWithKafkajs(t: TestContext, group: string, topic: string, bootstrapServers?: string): Promise<GroupMember> {
  const consumer = kafkajsConsumer({ groupId: group, heartbeatInterval: 500 }, bootstrapServers);
  const received: GroupMember['received'] = [];
  await consumer.connect();
  const leave = () => consumer.disconnect();
  t.after(leave);
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      received.push({ partition, offset: Number(message.offset) });
    },
  });
  return { received, leave };
}

/** Joins a group of the classic protocol, and assigns its members these bytes, which need not be those of a consumer. */
export async function joinWithAssignment(t: TestContext, group: string, topic: string, assigned: Buffer): Promise<void> {
  const assigner: PartitionAssigner = () => ({
    name: 'own',
    version: 0,
    protocol: () => ({ name: 'own', metadata: Buffer.alloc(0) }),
    assign: async ({ members }) => members.map(({ memberId }) => ({ memberId, memberAssignment: assigned })),
  });
  const consumer = kafkajsConsumer({ groupId: group, heartbeatInterval: 500, partitionAssigners: [assigner] });
  await consumer.connect();
  t.after(() => consumer.disconnect());
  await consumer.subscribe({ topic });
  await consumer.run({ autoCommit: false, eachMessage: async () => {} });
}

/** Joins a group with Java's consumer; the protocol `consumer` is that of KIP-848. It leaves at the end of the test at the latest. */
export const joinWithJava = (
  t: TestContext,
  group: string,
  topic: string,
  protocol: 'classic' | 'consumer',
  bootstrapServers = sharedKafka(),
): Promise<GroupMember> => runMember(t, 'ConsumeGroup', [bootstrapServers, topic, group, protocol]);

/** Joins a share group with Java's consumer, which accepts all records. The member leaves at the end of the test at the latest. */
export const joinQueueWithJava = (t: TestContext, group: string, topic: string, bootstrapServers = sharedKafka()): Promise<GroupMember> =>
  runMember(t, 'ConsumeQueue', [bootstrapServers, topic, group]);

async function runMember(t: TestContext, program: string, given: string[]): Promise<GroupMember> {
  const classes = `${await javaClasses(program)}${delimiter}${await classPath()}`;
  const parameters = [program, ...given];
  const flags = [...quickJvm, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classes];
  const child = spawn(jdkCommand('java'), [...flags, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
  // Not 'exit', after which some of its output may still come.
  const ended = once(child, 'close');
  const received: GroupMember['received'] = [];
  createInterface(child.stdout).on('line', (line) => received.push(JSON.parse(line)));
  const leave = async () => {
    if (child.exitCode === null && child.signalCode === null) child.stdin.end('\n');
    await ended;
  };
  t.after(leave);
  return { received, leave };
}
