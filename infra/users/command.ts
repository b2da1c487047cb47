import { parseArgs } from 'node:util';
import { readUsers, writeUsers } from '../../lib/authorizer/users.ts';
import { listOf } from '../../lib/config/environment-reader.ts';
import { add, type Kind, list, type Made, remove, rotate } from './accounts.ts';
import { inFile, inSecret, type Store } from './stores.ts';

/** The command's usage text. */
export const USAGE = `npm run users -- add <name> [--api-key] [--groups a,b]
                rotate <name> [--api-key] [--keep-old]
                remove <name> [--api-key]
                list
Users and API keys are in the secret GATEWAY_USERS_SECRET_ID, or --secret <name>, or a file: --file <path>.`;

const options = {
  'api-key': { type: 'boolean', default: false },
  groups: { type: 'string', default: '' },
  'keep-old': { type: 'boolean', default: false },
  file: { type: 'string' },
  secret: { type: 'string' },
} as const;

/**
 * Makes, rotates, removes or lists users and API keys.
 *
 * @returns what to print. It is the only place that shows a new password or key
 * @throws {Error} whose message says what is wrong
 */
export async function users(
  parameters: string[],
  environment: NodeJS.ProcessEnv,
  secretStore: (id: string) => Store = inSecret,
): Promise<string> {
  const { values, positionals } = parseArgs({ args: parameters, options, allowPositionals: true });
  const [action, name = '', ...rest] = positionals;
  const isKnown = ['add', 'rotate', 'remove', 'list'].includes(action);
  if (!isKnown || rest.length > 0 || (action === 'list') !== (name === '')) throw new Error(USAGE);

  const store = storeOf(values.file, values.secret ?? environment.GATEWAY_USERS_SECRET_ID, secretStore);
  const current = readUsers(parseStored(await store.read()));
  const kind: Kind = values['api-key'] ? 'keys' : 'users';
  if (action === 'list') return list(current).join('\n');
  if (action === 'remove') {
    await store.write(textOf(remove(current, kind, name)));
    return `Removed ${name}`;
  }
  const groups = listOf(values.groups);
  const made: Made = action === 'add' ? await add(current, kind, name, groups) : await rotate(current, kind, name, values['keep-old']);
  await store.write(textOf(made.users));
  return `${made.secret}\n${kind === 'users' ? 'is the password' : 'is the API key'} of ${name}. It is shown this once.`;
}

function storeOf(file: string | undefined, secret: string | undefined, secretStore: (id: string) => Store): Store {
  if (file !== undefined) return inFile(file);
  if (secret) return secretStore(secret);
  throw new Error(`Set GATEWAY_USERS_SECRET_ID, or give --secret or --file.\n${USAGE}`);
}

function parseStored(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    // The parser's own message would quote the secret.
  }
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new Error('What is kept there is not a JSON object: nothing is changed');
  }
  if (Object.keys(stored).some((name) => name !== 'users' && name !== 'keys')) {
    throw new Error(
      'What is kept there holds more than users and keys, which would be lost: nothing is changed, keep users in another place',
    );
  }
  return { ...stored };
}

const textOf = (made: Parameters<typeof writeUsers>[0]): string => JSON.stringify(writeUsers(made), null, 2);
