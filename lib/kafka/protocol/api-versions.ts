import type { Request } from './request.ts';

/** The versions of each request that a broker supports, by the request's key. */
export type ApiVersions = Record<number, { minVersion: number; maxVersion: number }>;

export const apiVersions: Request<ApiVersions> = {
  key: 18,
  name: 'ApiVersions',
  versions: { min: 0, max: 0 },
  throttle: 'never',
  encode: () => [],
  decode(reader) {
    reader.int16();
    const versions: ApiVersions = {};
    reader.array(() => {
      versions[reader.int16()] = { minVersion: reader.int16(), maxVersion: reader.int16() };
    });
    return versions;
  },
};

/** The newest version of a request that both sides support; null if there is none. */
export function commonVersion(broker: ApiVersions, { key, versions: { min, max } }: Request<unknown>): number | null {
  const { minVersion = 0, maxVersion = -1 } = broker[key] ?? {};
  const version = Math.min(max, maxVersion);
  return version < min || version < minVersion ? null : version;
}
