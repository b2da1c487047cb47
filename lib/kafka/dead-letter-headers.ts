import type { Header } from './record.ts';

/** Headers of a dead letter, `dlq.<name>` each: where the record stood, and why it is there. What is null is left out. */
export const deadLetterHeaders = (facts: Readonly<Record<string, string | number | bigint | null>>): Header[] =>
  Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [{ key: `dlq.${name}`, value: Buffer.from(String(value)) }]));
