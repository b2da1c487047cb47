import { measureListedGroups } from '../lib/routes/groups/measure-lag.ts';

/** Measures how far consumer groups are behind. */
export const handler = measureListedGroups();
