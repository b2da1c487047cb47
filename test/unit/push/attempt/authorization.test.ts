import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { type Authorization, authorizationOf } from '../../../../lib/push/attempt/authorization.ts';
import type { Answer } from '../../../../lib/push/attempt/post.ts';
import type { TargetSecrets, TokenClient } from '../../../../lib/push/attempt/target-secrets.ts';

const client: TokenClient = {
  tokenUrl: 'https://login.example.com/token',
  clientId: 'a client',
  clientSecret: 'p:ü',
  scope: 'hooks',
  audience: null,
};

/** Longer than any answer here takes. */
const SOON_MS = 10_000;

let now: number;
let asked: { url: string; headers: Record<string, string>; form: string; wants: string | undefined }[];
let answers: (Answer | Error | Promise<Answer>)[];

beforeEach(() => {
  now = 1_800_000_000_000;
  asked = [];
  answers = [];
});

const answered = (text: string, status = 200): Answer => ({ status, headers: {}, text });
const tokenNamed = (name: string, seconds?: unknown) => answered(JSON.stringify({ access_token: name, expires_in: seconds }));

function authorized(secrets: Partial<TargetSecrets>): Authorization {
  const none: TargetSecrets = {
    signers: async () => [],
    authorization: async () => null,
    tokenClient: async () => null,
    renew: async () => false,
  };
  return authorizationOf(
    { ...none, ...secrets },
    async (url, headers, body, _timeoutMs, wants) => {
      asked.push({ url: String(url), headers, form: String(body), wants });
      const answer = answers.shift() ?? answered('', 500);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    () => now,
  );
}
const withTokens = () => authorized({ tokenClient: async () => client });

test('an endpoint that wants nothing gets nothing, and a refusal of it is final', async () => {
  const authorization = authorized({});

  assert.deepEqual(await authorization.headers(SOON_MS), {});
  assert.equal(await authorization.refused({}, SOON_MS), false);
});

test('what the secret holds for the header is sent as it is', async () => {
  const authorization = authorized({ authorization: async () => 'Bearer fixed' });

  assert.deepEqual(await authorization.headers(SOON_MS), { authorization: 'Bearer fixed' });
  assert.equal(await authorization.refused({ authorization: 'Bearer fixed' }, SOON_MS), false);
});

test('what was refused is followed by what the secret holds by then', async () => {
  let held = 'Bearer old';
  const renew = async (refused: unknown) => {
    held = 'Bearer new';
    return refused === 'Bearer old';
  };
  const authorization = authorized({ authorization: async () => held, renew });

  assert.equal(await authorization.refused(await authorization.headers(SOON_MS), SOON_MS), true);

  assert.deepEqual(await authorization.headers(SOON_MS), { authorization: 'Bearer new' });
});

test('a secret that takes too long to read leaves a refusal final', async () => {
  const authorization = authorized({ authorization: async () => 'Bearer old', renew: () => new Promise(() => undefined) });

  assert.equal(await authorization.refused({ authorization: 'Bearer old' }, 1), false);
});

suite('a token', () => {
  test('is asked for as RFC 6749 has it, with the body of the answer, and once for deliveries at the same time', async () => {
    answers = [tokenNamed('first', 3600)];
    const authorization = withTokens();

    const headers = await Promise.all([authorization.headers(SOON_MS), authorization.headers(SOON_MS)]);

    assert.deepEqual(headers, Array(2).fill({ authorization: 'Bearer first' }));
    assert.deepEqual(asked, [
      {
        url: 'https://login.example.com/token',
        headers: {
          authorization: `Basic ${Buffer.from('a+client:p%3A%C3%BC').toString('base64')}`,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        form: 'grant_type=client_credentials&scope=hooks',
        wants: 'body',
      },
    ]);
  });

  for (const [life, seconds, usedMs] of [
    ['an hour', 3600, 3_540_000],
    ['a minute', 60, 30_000],
    ['an hour, as text,', '3600', 3_540_000],
    ['it does not say how long', undefined, 240_000],
    ['less than nothing', -1, 240_000],
  ] as const) {
    test(`that lives for ${life} is used until shortly before its end`, async () => {
      answers = [tokenNamed('first', seconds), tokenNamed('second', seconds)];
      const authorization = withTokens();
      await authorization.headers(SOON_MS);

      now += usedMs - 1;
      const last = await authorization.headers(SOON_MS);
      now += 1;
      const next = await authorization.headers(SOON_MS);

      assert.deepEqual([last, next], [{ authorization: 'Bearer first' }, { authorization: 'Bearer second' }]);
    });
  }

  test('that several deliveries were refused with is followed by one other', async () => {
    answers = [tokenNamed('first', 3600), tokenNamed('second', 3600)];
    const authorization = withTokens();
    const first = await authorization.headers(SOON_MS);

    assert.equal(await authorization.refused(first, SOON_MS), true);
    const second = await authorization.headers(SOON_MS);
    assert.equal(await authorization.refused(first, SOON_MS), true);

    assert.deepEqual([second, await authorization.headers(SOON_MS)], Array(2).fill({ authorization: 'Bearer second' }));
  });

  test('that could not be had is asked for again with the next delivery', async () => {
    answers = [new Error('no answer within 10 s'), tokenNamed('first', 3600)];
    const authorization = withTokens();

    await assert.rejects(authorization.headers(SOON_MS), /no answer within 10 s/);
    assert.deepEqual(await authorization.headers(SOON_MS), { authorization: 'Bearer first' });
  });

  test('that comes too late for one delivery is for the next one', async () => {
    const late = Promise.withResolvers<Answer>();
    answers = [late.promise];
    const authorization = withTokens();

    await assert.rejects(authorization.headers(1), /the token endpoint has not answered in time/);
    late.resolve(tokenNamed('first', 3600));

    assert.deepEqual(await authorization.headers(SOON_MS), { authorization: 'Bearer first' });
    assert.equal(asked.length, 1);
  });

  test('of a client whose secret was rotated is asked for again with the new one', async () => {
    answers = [answered('{"error":"invalid_client"}', 401), tokenNamed('first', 3600)];
    let current = client;
    const renew = async (refused: unknown) => {
      current = { ...client, clientSecret: 'new' };
      return refused === client;
    };

    const headers = await authorized({ tokenClient: async () => current, renew }).headers(SOON_MS);

    assert.deepEqual(headers, { authorization: 'Bearer first' });
    assert.deepEqual(
      asked.map((one) => one.headers.authorization),
      ['a+client:p%3A%C3%BC', 'a+client:new'].map((pair) => `Basic ${Buffer.from(pair).toString('base64')}`),
    );
  });

  for (const [what, answer, message] of [
    ['a refusal', answered('{"error":"invalid_client"}', 401), /the token endpoint answered 401/],
    ['no JSON', answered('<html>'), /without an access_token/],
    ['no token', answered('{"token_type":"bearer"}'), /without an access_token/],
    ['a token that is no text', answered('{"access_token":1}'), /without an access_token/],
    ['a token that would end its header', answered('{"access_token":"a\\r\\nx: y"}'), /without an access_token/],
  ] as const) {
    test(`is not made of ${what}`, async () => {
      answers = [answer];

      await assert.rejects(withTokens().headers(SOON_MS), message);
    });
  }

  test('is not looked for where the secret names no URL', async () => {
    const authorization = authorized({ tokenClient: async () => ({ ...client, tokenUrl: 'login' }) });

    await assert.rejects(authorization.headers(SOON_MS), /token_url of the secret is not a URL/);
    assert.deepEqual(asked, []);
  });
});
