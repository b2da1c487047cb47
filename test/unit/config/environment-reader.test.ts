import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { EnvironmentReader } from '../../../lib/config/environment-reader.ts';
import { GatewayError } from '../../../lib/errors.ts';

/** What is wrong with the variables read so far; null when nothing is. */
function problemsOf(reader: EnvironmentReader): string | null {
  try {
    reader.throwProblems();
    return null;
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.cause instanceof Error);
    return error.cause.message.replace(/^Configuration: /, '');
  }
}

/** Reads the variable V, set to this; answers with what is read and what is wrong with it. */
function read<T>(value: string | undefined, by: (reader: EnvironmentReader) => T): { value: T; problem: string | null } {
  const reader = new EnvironmentReader({ V: value });
  return { value: by(reader), problem: problemsOf(reader) };
}

const choice = (reader: EnvironmentReader) => reader.oneOf('V', ['SSL', 'SASL_SSL'], 'SSL');
const integer = (reader: EnvironmentReader) => reader.integer('V', 7);
const pairs = (reader: EnvironmentReader) => reader.pairs('V', /^[a-z]+$/i);
const url = (reader: EnvironmentReader) => reader.url('V');
const prefix = (reader: EnvironmentReader) => reader.headerPrefix('V', 'kafka-');

suite('a variable that is not set, or to nothing,', () => {
  for (const unset of [undefined, '', ' \t']) {
    test(`is what it is by default: ${inspect(unset)}`, () => {
      const reader = new EnvironmentReader({ V: unset });

      assert.deepEqual(
        [reader.text('V'), choice(reader), integer(reader), reader.pem('V'), reader.certificates('V'), url(reader)],
        [null, 'SSL', 7, null, null, null],
      );
      assert.deepEqual(pairs(reader), {});
      assert.equal(problemsOf(reader), null);
    });
  }

  test('is no bootstrap server', () => {
    const { value, problem } = read(undefined, (reader) => reader.bootstrapServers('V'));

    assert.deepEqual([value, problem], [[], 'V must be host:port, several separated by commas']);
  });

  test('is an empty prefix when it is set to nothing, and the default when it is not set', () => {
    assert.deepEqual([read('', prefix).value, read(' ', prefix).value, read(undefined, prefix).value], ['', '', 'kafka-']);
  });
});

test('spaces around a text are not part of it, but of a password', () => {
  assert.equal(read(' a b ', (reader) => reader.text('V')).value, 'a b');
  assert.equal(read(' a b ', (reader) => reader.verbatim('V')).value, ' a b ');
  assert.equal(read(' ', (reader) => reader.verbatim('V')).value, ' ');
  assert.equal(read('', (reader) => reader.verbatim('V')).value, null);
});

test('a choice is found in any case, and given as it is spelt; the problem names them all', () => {
  assert.equal(read('sasl_ssl', choice).value, 'SASL_SSL');
  assert.deepEqual(read('TLS', choice), { value: 'SSL', problem: 'V must be one of SSL, SASL_SSL' });
});

test('every whole number above 0 is taken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999_999_999 }), (number) => {
      assert.deepEqual(read(String(number), integer), { value: number, problem: null });
    }),
  );
});

for (const value of ['0', '-1', '1.5', '1e3', '0x10', '01', '1 000', 'ten', '1000000000000000', 'Infinity']) {
  test(`${value} is no whole number above 0`, () => {
    assert.deepEqual(read(value, integer), { value: 7, problem: 'V must be a whole number above 0' });
  });
}

test('PEM may have its line breaks written out', () => {
  assert.equal(read('-----BEGIN X-----\\nabc\\n-----END X-----\\n', (reader) => reader.pem('V')).value?.split('\n').length, 4);
});

suite('pairs', () => {
  test('have a name, and all behind the first equals sign', () => {
    assert.deepEqual(read(' a=1, b=x=y ,c= ', pairs).problem, 'V must be name=value, several separated by commas');
    assert.deepEqual(read(' a=1, b=x=y ', pairs), { value: { a: '1', b: 'x=y' }, problem: null });
  });

  for (const value of ['a', '=1', 'a=', 'a=1,', 'a1=1', 'a=1,,b=2']) {
    test(`are not ${value}`, () => {
      assert.deepEqual(read(value, pairs), { value: {}, problem: 'V must be name=value, several separated by commas' });
    });
  }
});

suite('a URL', () => {
  for (const value of ['https://issuer.test/token?tenant=a@b', 'http://127.0.0.1:8080', 'HTTPS://[::1]:1/']) {
    test(`may be ${value}`, () => {
      assert.deepEqual(read(value, url), { value, problem: null });
    });
  }

  for (const value of [
    'https://client:hunter2@issuer.test/token',
    'https://hunter2@issuer.test/token',
    'https://:hunter2@issuer.test/token',
    'issuer.test/hunter2',
    '//issuer.test/hunter2',
    'ftp://issuer.test/hunter2',
    'httpx://issuer.test/hunter2',
    'https://',
  ]) {
    test(`is not ${value}, which is not quoted`, () => {
      assert.deepEqual(read(value, url), { value: null, problem: 'V must be an http or https URL without credentials' });
    });
  }
});

test('all problems are told at once, by name, to the log and not to clients', () => {
  const reader = new EnvironmentReader({ A: 'hunter2', B: 'hunter2' });
  reader.integer('A', 1);
  reader.url('B');
  const instead = reader.problem('set C', 'something');

  assert.equal(instead, 'something');
  assert.throws(
    () => reader.throwProblems(),
    (error) => {
      assert.ok(error instanceof GatewayError && error.cause instanceof Error);
      assert.deepEqual([error.name, error.status], ['InternalError', 500]);
      assert.equal(
        error.cause.message,
        'Configuration: A must be a whole number above 0; B must be an http or https URL without credentials; set C',
      );
      assert.doesNotMatch(inspect(error, { depth: 5 }), /hunter2/);
      return true;
    },
  );
});

test('nothing is thrown when nothing is wrong', () => {
  new EnvironmentReader({}).throwProblems();
});
