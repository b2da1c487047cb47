/** A filter that somebody wants to find again, and the topic that it is of. */
export interface KeptFilter {
  topic: string;
  filter: string;
}

const KEY = 'kafka-console-filters';
/** The oldest ones make room. */
const MOST = 50;

/** Filters that were kept, from their text; what cannot be read is none. */
export function readKept(text: string | null): KeptFilter[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.filter(isKept).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

const isKept = (one: unknown): one is KeptFilter =>
  typeof one === 'object' &&
  one !== null &&
  'topic' in one &&
  'filter' in one &&
  [one.topic, one.filter].every((text) => typeof text === 'string');

/** Those of a topic, the newest first. */
export const keptFor = (kept: readonly KeptFilter[], topic: string): string[] =>
  kept.filter((one) => one.topic === topic).map(({ filter }) => filter);

/** With a filter of a topic in front; without it, if it is among them. */
export function toggled(kept: readonly KeptFilter[], topic: string, filter: string): KeptFilter[] {
  const others = kept.filter((one) => one.topic !== topic || one.filter !== filter);
  return others.length < kept.length ? others : [{ topic, filter }, ...others].slice(0, MOST);
}

/** What this browser keeps. */
export const loadKept = (): KeptFilter[] => readKept(localStorage.getItem(KEY));

export const storeKept = (kept: readonly KeptFilter[]): void => localStorage.setItem(KEY, JSON.stringify(kept));
