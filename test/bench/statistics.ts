/** The value that a share of all values does not exceed, such as 0.99 of them. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1];
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
