/** Where credentials come from. */
export interface CredentialSource<Credentials> {
  current(): Promise<Credentials>;
  /** Call it when these were refused: true if another try is worth it, as with those of a secret that was rotated. */
  renew(refused: Credentials): Promise<boolean>;
}

/** Credentials that never change. */
export const fixed = <Credentials>(credentials: Credentials): CredentialSource<Credentials> => ({
  current: async () => credentials,
  renew: async () => false,
});

/** The same credentials in another form; a refusal of a derived one counts for its source. */
export function derived<From, To>(source: CredentialSource<From>, derive: (from: From) => To | Promise<To>): CredentialSource<To> {
  const origins = new WeakMap<object, From>();
  return {
    async current() {
      const from = await source.current();
      const to = await derive(from);
      if (typeof to === 'object' && to !== null) origins.set(to, from);
      return to;
    },
    async renew(refused) {
      const from = typeof refused === 'object' && refused !== null ? origins.get(refused) : undefined;
      return from !== undefined && source.renew(from);
    },
  };
}
