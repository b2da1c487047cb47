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
  const properties = await writeProperties(workspace, settings, overrides);
  if (settings.zookeeper === null) await formatStorage(settings.dataDir, settings.nodeId, clusterId, jvm);
  return new KafkaProcess(workspace, properties, jvm);
}

/** Writes the properties that a node has from its next start on. @returns the path of the file */
export async function writeProperties(workspace: Workspace, settings: NodeSettings, overrides: Record<string, string>): Promise<string> {
  const file = join(workspace.directory, 'server.properties');
  await writeFile(file, serverProperties(settings, overrides));
  return file;
}
