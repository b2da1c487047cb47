import assert from 'node:assert/strict';

/** Asserts that a value is as it must be; the place says which one in the answer. */
export type Shape = (value: unknown, place: string) => void;

const is =
  (what: string, holds: (value: unknown) => boolean): Shape =>
  (value, place) =>
    assert.ok(holds(value), `${place} is no ${what}: ${JSON.stringify(value)}`);

export const text = is('text', (value) => typeof value === 'string');
export const boolean = is('boolean', (value) => typeof value === 'boolean');
export const count = is('count', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
/** An offset, or -1 where there is none. */
export const offset = is('offset', (value) => Number.isSafeInteger(value) && Number(value) >= -1);
/** Milliseconds, or -1 where there is none; whatever clients wrote. */
export const time = is('time', (value) => Number.isSafeInteger(value) && Number(value) >= -1);
export const base64 = is('base64', (value) => typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value);
export const anything: Shape = () => {};
export const exactly = (wanted: unknown): Shape => is(JSON.stringify(wanted), (value) => value === wanted);
export const matching = (pattern: RegExp): Shape => is(String(pattern), (value) => typeof value === 'string' && pattern.test(value));

export const nullable =
  (shape: Shape): Shape =>
  (value, place) => {
    if (value !== null) shape(value, place);
  };

export const list =
  (shape: Shape): Shape =>
  (value, place) => {
    assert.ok(Array.isArray(value), `${place} is no list: ${JSON.stringify(value)}`);
    for (const [i, one] of value.entries()) shape(one, `${place}[${i}]`);
  };

/** An object with these members and no others, save some of the optional ones. */
export const object =
  (members: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape =>
  (value, place) => {
    assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${place} is no object: ${JSON.stringify(value)}`);
    const found = new Map(Object.entries(value));
    for (const [name, shape] of Object.entries(members)) {
      assert.ok(found.has(name), `${place} has no ${name}: ${JSON.stringify(value)}`);
      shape(found.get(name), `${place}.${name}`);
    }
    for (const [name, one] of found) {
      if (Object.hasOwn(members, name)) continue;
      const shape = Object.hasOwn(optional, name) ? optional[name] : assert.fail(`${place} has ${name}`);
      shape(one, `${place}.${name}`);
    }
  };

/** The shape of one with the member, and that of one without. */
export const either =
  (member: string, having: Shape, lacking: Shape): Shape =>
  (value, place) =>
    (typeof value === 'object' && value !== null && member in value ? having : lacking)(value, place);
