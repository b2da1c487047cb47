import type { GatewayRequest } from '../../../http/request.ts';

/** The members that every resource of v3 has besides its own. */
export interface Resource {
  kind: string;
  metadata: { self: string; resource_name: string };
  cluster_id: string;
}

export interface ResourceList {
  kind: string;
  metadata: { self: string; next: null };
  data: Resource[];
}

/** The segments of a path or a resource name. */
export type Segments = readonly (string | number)[];

/** Makes the resources of a cluster, with URLs that begin like the request's. */
export class ResourceMaker {
  protected readonly base: string;
  readonly #clusterId: string;

  constructor({ baseUrl }: GatewayRequest, clusterId: string) {
    this.base = `${baseUrl}/v3/clusters`;
    this.#clusterId = clusterId;
  }

  /**
   * @param path after that of the cluster
   * @param names kinds and names in turn; a kind without a name comes last
   */
  protected resource(kind: string, path: Segments, names: Segments, members: object): Resource {
    const metadata = { self: this.#url(path), resource_name: resourceName(['kafka', this.#clusterId, ...names]) };
    return { kind, metadata, cluster_id: this.#clusterId, ...members };
  }

  protected list(kind: string, path: Segments, data: Resource[]): ResourceList {
    return { kind, metadata: { self: this.#url(path), next: null }, data };
  }

  protected related(...path: Segments): { related: string } {
    return { related: this.#url(path) };
  }

  #url(path: Segments): string {
    return [this.base, ...[this.#clusterId, ...path].map(encodeURIComponent)].join('/');
  }
}

/** Confluent's resource names, without an authority: `crn:///kafka=<id>/topic=<name>`. */
const resourceName = (parts: Segments): string =>
  `crn://${parts.map((part, i) => (i % 2 === 0 ? `/${part}` : `=${encodeURIComponent(part)}`)).join('')}`;
