import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBroker } from '../../infra/local/broker.ts';
import { chaosLine, queueChaos, shortLocks } from './queue-chaos.ts';

test('a queue loses nothing, and nothing is acknowledged twice, while its processes are killed', async () => {
  await using broker = await startBroker({ properties: shortLocks });

  const findings = await queueChaos({ bootstrapServers: broker.bootstrapServers, kills: 8 });

  console.log(chaosLine(findings));
  assert.ok(findings.kills >= 8, chaosLine(findings));
  assert.deepEqual([findings.neverReceived, findings.acknowledgedTwice], [[], []]);
});
