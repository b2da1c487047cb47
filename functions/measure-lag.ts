import { measureListedGroups } from '../lib/routes/groups/measure-lag.ts';

/** Measures the lag of consumer groups. */
export const handler = measureListedGroups();
