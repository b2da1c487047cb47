/** How this process measures itself. */
export interface MetricsSettings {
  /** Whether log lines carry metrics. */
  emf: boolean;
  /** The topics whose records are counted separately. */
  topics: ReadonlySet<string>;
  /** The function's name, as a dimension. */
  function: string;
  /** The name of the deployment, as a dimension. */
  stack: string;
}

/** The settings of the whole process; the configuration sets them. */
export const metricsSettings: MetricsSettings = { emf: true, topics: new Set(), function: 'local', stack: 'local' };
