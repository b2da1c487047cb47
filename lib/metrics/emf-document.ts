import { NAMESPACE } from './emf.ts';

/** Metrics that have the same dimensions. */
export interface EmfGroup {
  /** {@link NAMESPACE} unless it is another. */
  readonly namespace?: string;
  readonly dimensions: readonly string[];
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Metrics as members of a line of the log, each with a comma in front, in CloudWatch's embedded metric format.
 *
 * @param now Unix milliseconds
 * @param dimensions values of all dimensions by their names
 */
export function emfDocument(now: number, dimensions: Readonly<Record<string, string>>, groups: readonly EmfGroup[]): string {
  const directives = groups.map(({ namespace, dimensions: names, values }) => ({
    ...{ Namespace: namespace ?? NAMESPACE, Dimensions: [names], Metrics: Object.keys(values).map((Name) => ({ Name })) },
  }));
  const document = {
    _aws: { Timestamp: now, CloudWatchMetrics: directives },
    ...dimensions,
    ...Object.assign({}, ...groups.map(({ values }) => values)),
  };
  return `,${JSON.stringify(document).slice(1, -1)}`;
}
