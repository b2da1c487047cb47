import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from './catalogue.ts';
import { messageList } from './message-list.ts';
import { withList } from './page.ts';

/** Writes the list of messages into the errors page. */
const page = join(import.meta.dirname, '../../docs/api/errors.md');
writeFileSync(page, withList(readFileSync(page, 'utf8'), messageList(await catalogue())));
