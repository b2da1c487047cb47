import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Jvm, KafkaProcess } from './kafka-process.ts';
import { type NodeSettings, serverProperties } from './properties.ts';
import { formatStorage } from './storage.ts';
import type { Workspace } from './workspace.ts';

/**
 * Prepares a node for its start: writes server.properties into the workspace, and formats the log directory if that is new.
 *
 * @param overrides properties that override those of `settings`
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

/** Writes the properties for a node's next start. @returns the path of the file */
export async function writeProperties(workspace: Workspace, settings: NodeSettings, overrides: Record<string, string>): Promise<string> {
  const file = join(workspace.directory, 'server.properties');
  await writeFile(file, serverProperties(settings, overrides));
  return file;
}
