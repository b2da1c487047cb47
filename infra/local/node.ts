import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Jvm, KafkaProcess } from './kafka-process.ts';
import { type NodeSettings, serverProperties } from './properties.ts';
import { formatStorage } from './storage.ts';
import type { Workspace } from './workspace.ts';

/**
 * Makes a node ready to start: its server.properties in the workspace, and its log directory where it has none yet.
 *
 * @param overrides properties that win over those of `settings`
 */
export async function prepareNode(
  workspace: Workspace,
  settings: NodeSettings,
  clusterId: string,
  overrides: Record<string, string>,
  jvm: Jvm,
): Promise<KafkaProcess> {
  const properties = join(workspace.directory, 'server.properties');
  await writeFile(properties, serverProperties(settings, overrides));
  if (settings.zookeeper === null) await formatStorage(settings.dataDir, settings.nodeId, clusterId, jvm);
  return new KafkaProcess(workspace, properties, jvm);
}
