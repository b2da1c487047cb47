import { storedText, storeText } from './storage.ts';

/** A filter that the user keeps, and its topic. */
export interface KeptFilter {
  topic: string;
  filter: string;
}

const KEY = 'kafka-console-filters';
/** With more, the oldest are dropped. */
const MOST = 50;

/** Parses kept filters; ignores what it cannot read. */
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

/** The kept filters of a topic, newest first. */
export const keptFor = (kept: readonly KeptFilter[], topic: string): string[] =>
  kept.filter((one) => one.topic === topic).map(({ filter }) => filter);

/** Adds a filter of a topic at the front, or removes it if it is kept already. */
export function toggled(kept: readonly KeptFilter[], topic: string, filter: string): KeptFilter[] {
  const others = kept.filter((one) => one.topic !== topic || one.filter !== filter);
  return others.length < kept.length ? others : [{ topic, filter }, ...others].slice(0, MOST);
}

/** Loads the filters that this browser keeps. */
export const loadKept = (): KeptFilter[] => readKept(storedText(KEY));

export const storeKept = (kept: readonly KeptFilter[]): void => storeText(KEY, JSON.stringify(kept));
