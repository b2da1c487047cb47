import type { Header } from './record.ts';

/** Headers of a dead letter, `dlq.<name>` each: where the record was, and why it is there. Leaves out what is null. */
export const deadLetterHeaders = (facts: Readonly<Record<string, string | number | bigint | null>>): Header[] =>
  Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [{ key: `dlq.${name}`, value: Buffer.from(String(value)) }]));
