import assert from 'node:assert/strict';
import type { PeerCase, PeerClient } from './peer-client.ts';

const [host, path] = ['my-api-gateway-host', '/consumers'];

/** An option that is refused. */
const refused = (name: string, value: string, peer: number): PeerCase => ({
  name: `a consumer is not created with ${name} ${value}`,
  peer: [peer],
  ...(peer !== 422 && { gateway: [422] }),
  run: async (client) => void (await client.create({ name: 'c', [name]: value })),
});

/** An option that must have the type of JSON that it is meant to have. */
const typed = (name: string, value: number | boolean): PeerCase => ({
  name: `${name} is not a string`,
  peer: [200, 400, 400, 204],
  gateway: [200, 200, 422, 204],
  async run(client) {
    await client.create({ name: 'c', [name]: value });
    await client.create({ name: 'd', [name]: String(value) });
    await client.create({ name: 'e', [name]: 'foo' });
    await client.remove();
  },
});

const options = { name: 'c', 'auto.offset.reset': 'earliest', 'enable.auto.commit': true, 'fetch.min.bytes': 100 };

/** What `base_uri` is behind a proxy. */
const behind = (what: string, headers: Record<string, string>, base: string, pathOf = (_: PeerClient): Record<string, string> => ({})) => ({
  name: `the address of a consumer behind a proxy, by ${what}`,
  peer: [200, 204],
  async run(client: PeerClient) {
    const { json } = await client.create(options, { ...headers, ...pathOf(client) });
    await client.remove();
    // With its default port or without, it is the same address.
    assert.equal(new URL(json.base_uri).href, new URL(`${base}${path}/${client.group}/instances/c`).href);
  },
});

/** What Strimzi's bridge is tested for when consumers are created. */
export const strimziCreation: PeerCase[] = [
  {
    name: 'a consumer is created under its name',
    peer: [200, 204],
    async run(client) {
      const { json } = await client.create(options);
      await client.remove();
      assert.equal(json.instance_id, 'c');
      assert.match(json.base_uri, new RegExp(`${path}/${client.group}/instances/c$`));
    },
  },
  {
    name: 'a consumer without options gets a name',
    peer: [200, 204],
    async run(client) {
      const { json } = await client.create();
      await client.remove(json.instance_id);
      assert.ok(json.base_uri.endsWith(`/instances/${json.instance_id}`));
    },
  },
  {
    name: 'names that are made up differ',
    peer: [200, 200, 204],
    async run(client) {
      const [{ json: one }, { json: other }] = [await client.create(), await client.create()];
      await client.remove(one.instance_id);
      assert.notEqual(one.instance_id, other.instance_id);
    },
  },
  {
    name: 'a consumer keeps the name that it is given',
    peer: [200, 204],
    async run(client) {
      const { json } = await client.create({ name: 'consumer-1', format: 'json' });
      await client.remove('consumer-1');
      assert.equal(json.instance_id, 'consumer-1');
    },
  },
  {
    name: 'a name that is in use is refused, and another one is not',
    peer: [200, 409, 200, 204, 204],
    async run(client) {
      await client.create({ name: 'c' });
      await client.create({ name: 'c' });
      await client.create({ name: 'c-diff' });
      await client.remove();
      await client.remove('c-diff');
    },
  },
  refused('format', 'foo', 422),
  refused('isolation.level', 'foo', 422),
  refused('auto.offset.reset', 'foo', 422),
  refused('enable.auto.commit', 'foo', 400),
  refused('fetch.min.bytes', 'foo', 400),
  refused('foo', 'bar', 400),
  typed('enable.auto.commit', true),
  typed('fetch.min.bytes', 100),
  typed('consumer.request.timeout.ms', 100),
  behind('X-Forwarded-Host and -Proto', { 'x-forwarded-host': `${host}:443`, 'x-forwarded-proto': 'https' }, `https://${host}:443`),
  behind('Forwarded', { forwarded: `host=${host}:443;proto=https` }, `https://${host}:443`),
  behind('the first Forwarded', { forwarded: `host=${host}:443;proto=https,host=other:886;proto=http` }, `https://${host}:443`),
  behind('X-Forwarded-Path', { forwarded: `host=${host}:443;proto=https` }, `https://${host}:443/my-bridge`, ({ group }) => ({
    'x-forwarded-path': `/my-bridge${path}/${group}`,
  })),
  behind('Forwarded without a port', { forwarded: `host=${host};proto=http` }, `http://${host}:80`),
  {
    name: 'a proxy that names another scheme',
    peer: [500],
    gateway: [200],
    run: async (client) => void (await client.create(options, { forwarded: `host=${host};proto=mqtt` })),
  },
];
