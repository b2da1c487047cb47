import { hash } from 'node:crypto';
import { BoundedMap } from '../../bounded-map.ts';

const MOST_KINDS = 10_000;
/** By how much more the next receive acquires when all fitted: little, as too much is given back. */
const GROWTH = 1.25;

/**
 * How many records to acquire for requests of one kind: what had no room in a response counts as delivered, and would be a dead letter after
 * a few responses without ever having been in one.
 */
const fitting = new BoundedMap<string, number>(MOST_KINDS);

/** Of requests with the same room for the same records: a worker that takes less at once keeps others from nothing. */
export const kindOf = (group: string, topics: readonly string[], maxBytes: number, format: string): string =>
  hash('sha256', JSON.stringify([group, topics, maxBytes, format]), 'base64url');

/** How many records a request of a kind acquires that asks for `max`. */
export const mostFitting = (kind: string, max: number): number => Math.min(max, fitting.get(kind) ?? max);

/**
 * Learns from a response.
 *
 * @param shown how many records it has
 * @param isCut whether others had no room in it
 */
export function noteFitting(kind: string, shown: number, isCut: boolean): void {
  const most = fitting.get(kind);
  if (isCut) fitting.set(kind, Math.max(1, shown));
  else if (most !== undefined && shown >= most) fitting.set(kind, Math.ceil(most * GROWTH));
}
