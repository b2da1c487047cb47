import { setTimeout as delay } from 'node:timers/promises';
import type { Broker } from '../../../infra/local/broker.ts';
import type { Fault } from '../fault.ts';
import type { FaultCluster } from '../fault-cluster.ts';

const direct = ({ bootstrapServers }: FaultCluster) => ({ KAFKA_BOOTSTRAP_SERVERS: bootstrapServers });
const except = (brokers: Broker[], one: Broker) => brokers.filter((broker) => broker !== one);

export const leaderKilled: Fault = {
  name: 'kill -9 of the leader',
  mayFail: false,
  stallMs: 12_000,
  stage: (cluster, { requests }) => ({
    env: direct(cluster),
    async inflict(load, topic) {
      const leader = await cluster.leaderOf(topic);
      await leader.kill();
      await load.through(requests);
      await leader.restart();
    },
  }),
};

export const leaderFrozen: Fault = {
  name: 'leader frozen (SIGSTOP)',
  mayFail: false,
  stallMs: 12_000,
  stage: (cluster, { freezeMs }) => ({
    env: direct(cluster),
    async inflict(_load, topic) {
      const leader = await cluster.leaderOf(topic);
      leader.pause();
      try {
        await delay(freezeMs);
      } finally {
        leader.resume();
      }
    },
  }),
};

/** The leader comes back while some have not left it yet, and does not know that it leads no more. */
export const leaderReplaced: Fault = {
  name: 'leader frozen (SIGSTOP) until another leads',
  mayFail: false,
  stallMs: 12_000,
  stage: (cluster) => ({
    env: direct(cluster),
    async inflict(load, topic) {
      const leader = await cluster.leaderOf(topic);
      leader.pause();
      try {
        // One answer of each process may have been on its way.
        await load.written(2);
      } finally {
        leader.resume();
      }
    },
  }),
};

export const rollingRestart: Fault = {
  name: 'rolling restart',
  mayFail: false,
  stallMs: 2000,
  stage: (cluster) => ({
    env: direct(cluster),
    async inflict(_load, topic) {
      const leader = await cluster.leaderOf(topic);
      for (const broker of [leader, ...except(cluster.brokers, leader)]) {
        await broker.restart();
        await cluster.whole(topic);
      }
    },
  }),
};

export const quorumLost: Fault = {
  name: 'quorum lost',
  mayFail: true,
  stallMs: null,
  stage: (cluster, { quorumLostMs }) => ({
    env: direct(cluster),
    async inflict(_load, topic) {
      const others = except(cluster.brokers, await cluster.leaderOf(topic));
      await Promise.all(others.map((broker) => broker.kill()));
      await delay(quorumLostMs);
      await Promise.all(others.map((broker) => broker.restart()));
    },
  }),
};
