import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ErrorName, errors } from '../../lib/errors.ts';
import type { ListedMessage } from './message-list.ts';

const room = join(import.meta.dirname, '../../lib/messages');

/** All messages of lib/messages, by file. */
export async function catalogue(): Promise<ListedMessage[]> {
  const messages: ListedMessage[] = [];
  for (const file of readdirSync(room).sort()) {
    const exported: object = await import(pathToFileURL(join(room, file)).href);
    for (const one of Object.values(exported)) if (isMessage(one)) messages.push(one);
  }
  return messages;
}

const isMessage = (exported: unknown): exported is ListedMessage =>
  typeof exported === 'function' && 'error' in exported && isName(exported.error) && 'what' in exported && 'remedy' in exported;

const isName = (name: unknown): name is ErrorName => typeof name === 'string' && name in errors;
