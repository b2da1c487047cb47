import { matches } from '../../access/pattern.ts';
import { accessConfig } from '../../config/access.ts';

/** Whether records of a topic are for some of its callers only. */
export const hasRowFilter = (topic: string): boolean => accessConfig().rowFilters.some(({ topics }) => matches(topics, topic));
