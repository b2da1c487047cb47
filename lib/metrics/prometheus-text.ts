/** Names and values of labels. */
export type Labels = Readonly<Record<string, string>>;

interface Histogram {
  readonly bounds: readonly number[];
  /** How many values are in each bucket; not cumulative. */
  readonly buckets: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/**
 * Writes Prometheus's text format.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export class PrometheusText {
  readonly #prefix: string;
  readonly #lines: string[] = [];

  /** @param prefix of all names */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  counter(name: string, help: string): void {
    this.#open(name, help, 'counter');
  }

  histogram(name: string, help: string): void {
    this.#open(name, help, 'histogram');
  }

  sample(name: string, labels: Labels, value: number): void {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    this.#lines.push(`${this.#prefix}${name}${pairs.length > 0 ? `{${pairs.join()}}` : ''} ${value}`);
  }

  /** The samples of a histogram. */
  buckets(name: string, labels: Labels, { bounds, buckets, count, sum }: Histogram): void {
    let below = 0;
    bounds.forEach((bound, i) => {
      below += buckets[i];
      this.sample(`${name}_bucket`, { ...labels, le: String(bound) }, below);
    });
    this.sample(`${name}_bucket`, { ...labels, le: '+Inf' }, count);
    this.sample(`${name}_sum`, labels, sum);
    this.sample(`${name}_count`, labels, count);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #open(name: string, help: string, type: string): void {
    this.#lines.push(`# HELP ${this.#prefix}${name} ${help}`, `# TYPE ${this.#prefix}${name} ${type}`);
  }
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
