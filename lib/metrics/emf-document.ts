import { NAMESPACE } from './emf.ts';

/** Metrics with the same dimensions. */
export interface EmfGroup {
  /** Defaults to {@link NAMESPACE}. */
  readonly namespace?: string;
  readonly dimensions: readonly string[];
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Metrics as members of a log line, each after a comma, in CloudWatch's embedded metric format.
 *
 * @param now Unix milliseconds
 * @param dimensions the values of all dimensions, by name
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
