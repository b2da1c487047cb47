import { useEffect, useState } from 'preact/hooks';
import { WHERE_CREDENTIALS_ARE_JUDGED } from './access.ts';
import { useAttempt } from './attempt.ts';
import { ask } from './client.ts';
import { comeBack, comesFromIssuer, leaveForIssuer } from './oidc.ts';
import { Choice, Field, Problem, Title } from './parts.tsx';
import { signIn } from './session.ts';
import { settings } from './settings.ts';
import { utf8Base64 } from './utf8-base64.ts';

type Way = 'issuer' | 'password' | 'key' | 'token';

const WAYS: readonly (readonly [Way, string, readonly string[]])[] = [
  ...(settings.oidc === null ? [] : [['issuer', 'Single sign-on', ['jwt']] as const]),
  ['password', 'User and password', ['basic', 'passthrough']],
  ['key', 'API key', ['api-key']],
  ['token', 'Token', ['jwt', 'passthrough']],
];
const ways = WAYS.filter(([, , modes]) => modes.some((mode) => settings.auth.includes(mode)));

/** Spaces around a key or token come from copying it; those of a password are its own. */
function headersOf(way: string, user: string, secret: string): Record<string, string> {
  if (way === 'key') return { 'x-api-key': secret.trim() };
  return { authorization: way === 'token' ? `Bearer ${secret.trim()}` : `Basic ${utf8Base64(`${user}:${secret}`)}` };
}

/** The form in which callers enter their credentials, which stay in the memory of this page. */
export function Login() {
  const [way, setWay] = useState<string>(ways[0][0]);
  const { attempt, error, isBusy } = useAttempt();
  const [user, setUser] = useState('');
  const [secret, setSecret] = useState('');

  useEffect(() => {
    const { oidc } = settings;
    if (oidc !== null && comesFromIssuer()) attempt(async () => signIn(await comeBack(oidc)));
  }, []);
  const submit = (event: Event): void => {
    event.preventDefault();
    attempt(enter);
  };
  const enter = async (): Promise<void> => {
    const { oidc } = settings;
    if (way === 'issuer' && oidc !== null) return leaveForIssuer(oidc);
    const as = headersOf(way, user, secret);
    await ask(WHERE_CREDENTIALS_ARE_JUDGED, { as });
    signIn(as);
  };

  return (
    <form class="login" onSubmit={submit}>
      <Title name="Sign in" />
      {ways.length > 1 && <Choice label="With" value={way} options={ways.map(([one, name]) => [one, name] as const)} onChange={setWay} />}
      {way === 'password' && (
        <Field label="User">
          <input name="user" autocomplete="username" required value={user} onInput={({ currentTarget }) => setUser(currentTarget.value)} />
        </Field>
      )}
      {way !== 'issuer' && (
        <Field label={way === 'password' ? 'Password' : way === 'key' ? 'API key' : 'Token'}>
          <input
            name="secret"
            type="password"
            autocomplete={way === 'password' ? 'current-password' : 'off'}
            required
            value={secret}
            onInput={({ currentTarget }) => setSecret(currentTarget.value)}
          />
        </Field>
      )}
      <button type="submit" class="first" disabled={isBusy}>
        {way === 'issuer' && settings.oidc !== null ? `Sign in at ${new URL(settings.oidc.issuer).host}` : 'Sign in'}
      </button>
      {error !== null && <Problem error={error} />}
      <p class="faint">Kept in the memory of this page only: a reload forgets it.</p>
    </form>
  );
}
