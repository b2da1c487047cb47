/** The registry of with-registry.ts. */
export function sharedRegistry(): string {
  const url = process.env.TEST_REGISTRY_URL;
  if (url === undefined) throw new Error('TEST_REGISTRY_URL is not set: run the tests with npm run test:one');
  return url;
}
