import { writeFile } from 'node:fs/promises';
import { currentRoles, snapshotFile } from './roles.ts';

await writeFile(snapshotFile, JSON.stringify(currentRoles()));
