/** How much tests run through, in percent. */
export interface Coverage {
  lines: number;
  branches: number;
  functions: number;
}

const kinds = ['lines', 'branches', 'functions'] as const;

/** What is covered less than it must be. */
export const uncovered = (coverage: Coverage, floor: Coverage) => kinds.filter((kind) => coverage[kind] < floor[kind]);

/** A floor that has risen to a coverage, but for half a percent: which branches are taken varies from run to run. It never sinks. */
export function raised(coverage: Coverage, floor: Coverage): Coverage {
  const rise = (kind: keyof Coverage) => Math.max(floor[kind], Math.floor((coverage[kind] - 0.5) * 10) / 10);
  return { lines: rise('lines'), branches: rise('branches'), functions: rise('functions') };
}
