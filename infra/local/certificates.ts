import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { jdkCommand, run } from './java.ts';

/** Throw-away certificates for brokers on this machine. */
export interface Certificates {
  /** PKCS12 file with the brokers' key and its certificate for `localhost` and `127.0.0.1`. */
  keystore: string;
  keystorePassword: string;
  /** The CA that signed the brokers' certificate: as PEM text, and as a file. */
  ca: string;
  caFile: string;
  /** Another CA of the same name, as PEM text: a client that trusts only this one must refuse the brokers. */
  foreignCa: string;
  /** PKCS12 files with the keys of both CAs, under the alias `ca` and with the same password. */
  authorities: { local: string; foreign: string };
}

// It protects nothing: the files never leave the cache, but PKCS12 needs a password.
const password = 'throw-away';
const days = '3650';
const parts = {
  ca: 'ca.pem',
  foreignCa: 'foreign-ca.pem',
  keystore: 'broker.p12',
  authority: 'ca.p12',
  foreignAuthority: 'foreign-ca.p12',
};

/** The certificates; the JDK's keytool makes them on first use. */
export async function certificates(): Promise<Certificates> {
  const directory = await cached('certificates', [JSON.stringify(parts), days], makeCertificates);
  const file = (name: string) => join(directory, name);
  const [ca, foreignCa] = await Promise.all([readFile(file(parts.ca), 'utf8'), readFile(file(parts.foreignCa), 'utf8')]);
  const authorities = { local: file(parts.authority), foreign: file(parts.foreignAuthority) };
  return { keystore: file(parts.keystore), keystorePassword: password, ca, caFile: file(parts.ca), foreignCa, authorities };
}

async function makeCertificates(directory: string): Promise<void> {
  const file = (name: string) => join(directory, name);
  const authority = file(parts.authority);
  const broker = file(parts.keystore);
  const request = file('broker.csr');
  const signed = file('broker.pem');

  await Promise.all([
    makeAuthority(authority, file(parts.ca)),
    makeAuthority(file(parts.foreignAuthority), file(parts.foreignCa)),
    makeKey(broker, 'broker', 'CN=localhost'),
  ]);
  await keytool('-certreq', broker, 'broker', '-file', request);
  const purpose = ['-ext', 'SAN=dns:localhost,ip:127.0.0.1', '-ext', 'EKU=serverAuth'];
  await keytool('-gencert', authority, 'ca', '-infile', request, '-outfile', signed, '-validity', days, ...purpose, '-rfc');
  await keytool('-importcert', broker, 'ca', '-file', file(parts.ca), '-noprompt');
  await keytool('-importcert', broker, 'broker', '-file', signed);
}

async function makeAuthority(keystore: string, pem: string): Promise<void> {
  await makeKey(keystore, 'ca', 'CN=Local Kafka CA', '-ext', 'BC:critical=ca:true', '-ext', 'KU:critical=keyCertSign');
  await keytool('-exportcert', keystore, 'ca', '-file', pem, '-rfc');
}

/** Creates a key pair in a new key store, under this alias, with the common password. */
export const makeKey = (keystore: string, alias: string, name: string, ...extensions: string[]) =>
  keytool('-genkeypair', keystore, alias, '-dname', name, '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', days, ...extensions);

/** Runs a keytool command for an alias of a key store. */
export const keytool = (command: string, keystore: string, alias: string, ...parameters: string[]) =>
  run(jdkCommand('keytool'), [
    command,
    ...['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', password, '-alias', alias],
    ...parameters,
  ]);
