import { matches } from '../../access/pattern.ts';
import { accessConfig } from '../../config/access.ts';

/** Whether a row filter limits who sees which records of a topic. */
export const hasRowFilter = (topic: string): boolean => accessConfig().rowFilters.some(({ topics }) => matches(topics, topic));
