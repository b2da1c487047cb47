import { createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from '../../../infra/local/cache.ts';
import { certificates, keytool, makeKey } from '../../../infra/local/certificates.ts';
import { jdkCommand, run } from '../../../infra/local/java.ts';

/** A certificate and its key, as PEM text. */
export interface PemPair {
  cert: string;
  key: string;
}

/** Client certificates for the common name `alice`. */
export interface ClientCertificates {
  /** Signed by the CA that the brokers trust. */
  trusted: PemPair;
  /** Signed by a CA that they do not trust. */
  foreign: PemPair;
  /** Signed by the trusted CA, but expired. */
  expired: PemPair;
}

const exportKey = fileURLToPath(new URL('java/ExportKey.java', import.meta.url));

/** The certificates, which are made on first use. */
export async function clientCertificates(): Promise<ClientCertificates> {
  const { authorities, keystorePassword } = await certificates();
  const directory = await cached('client-certificates', [authorities.local], async (target) => {
    const make = (name: string, authority: string, ...validity: string[]) => makePair(target, name, authority, keystorePassword, validity);
    await make('trusted', authorities.local, '-validity', '3650');
    await make('foreign', authorities.foreign, '-validity', '3650');
    await make('expired', authorities.local, '-startdate', '-3d', '-validity', '1');
  });
  const pair = async (name: string): Promise<PemPair> => ({
    cert: await readFile(join(directory, `${name}.pem`), 'utf8'),
    key: await readFile(join(directory, `${name}.key`), 'utf8'),
  });
  return { trusted: await pair('trusted'), foreign: await pair('foreign'), expired: await pair('expired') };
}

/** The same key, encrypted with a passphrase. */
export const encrypted = (key: string, passphrase: string): string =>
  createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();

async function makePair(directory: string, name: string, authority: string, password: string, validity: string[]): Promise<void> {
  const file = (ending: string) => join(directory, `${name}.${ending}`);
  await makeKey(file('p12'), 'client', 'CN=alice');
  await keytool('-certreq', file('p12'), 'client', '-file', file('csr'));
  await keytool(
    '-gencert',
    authority,
    'ca',
    '-infile',
    file('csr'),
    '-outfile',
    file('pem'),
    '-ext',
    'EKU=clientAuth',
    '-rfc',
    ...validity,
  );
  const { stdout } = await run(jdkCommand('java'), [exportKey, file('p12'), password, 'client']);
  const lines = stdout.trim().match(/.{1,64}/g) ?? [];
  await writeFile(file('key'), `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`);
}
