import { readFile, rename, writeFile } from 'node:fs/promises';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';

/** Stores the accounts, as text. */
export interface Store {
  /** Null if nothing is stored yet. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** A file, for `npm start`. */
export const inFile = (path: string): Store => ({
  async read() {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  },
  async write(text) {
    // Write and rename, so that the file is always complete; only its owner may read it.
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  },
});

/** A secret in Secrets Manager, which is created if it does not exist. */
export function inSecret(SecretId: string, configuration: SecretsManagerClientConfig = {}): Store {
  const client = new SecretsManagerClient(configuration);
  return {
    async read() {
      try {
        const { SecretString = null } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSCURRENT' }));
        return SecretString;
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        return null;
      }
    },
    async write(SecretString) {
      // One that was made without a value, as for a KMS key of its own, is read as one that does not exist.
      try {
        await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        const Description = 'Users and API keys of the Kafka HTTP gateway';
        await client.send(new CreateSecretCommand({ Name: SecretId, SecretString, Description }));
      }
    },
  };
}
