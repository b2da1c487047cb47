/** How much code the tests run, in percent. */
export interface Coverage {
  lines: number;
  branches: number;
  functions: number;
}

const kinds = ['lines', 'branches', 'functions'] as const;

/** The kinds of coverage below the floor. */
export const uncovered = (coverage: Coverage, floor: Coverage) => kinds.filter((kind) => coverage[kind] < floor[kind]);

/** Raises a floor to half a percent below the coverage, because branches vary from run to run. Never lowers it. */
export function raised(coverage: Coverage, floor: Coverage): Coverage {
  const rise = (kind: keyof Coverage) => Math.max(floor[kind], Math.floor((coverage[kind] - 0.5) * 10) / 10);
  return { lines: rise('lines'), branches: rise('branches'), functions: rise('functions') };
}
