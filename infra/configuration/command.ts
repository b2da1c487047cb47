import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { PACKED, readDocument } from '../../lib/config/document.ts';

/** The command's usage text. */
export const USAGE = `npm run config -- check <file>   says whether a document of variables is right
                 pack <file>    prints it compressed, for a parameter of SSM Parameter Store`;

/** The most characters of a parameter, in the standard and in the advanced tier. */
const STANDARD = 4096;
const ADVANCED = 8192;

/**
 * Checks a document of variables as the gateway does, for the deployment whose variables are in the environment.
 *
 * @returns what to print
 * @throws {Error} whose message lists all problems
 */
export function configuration(parameters: readonly string[], environment: NodeJS.ProcessEnv): string {
  const [action, file, ...rest] = parameters;
  if (!['check', 'pack'].includes(action) || file === undefined || rest.length > 0) throw new Error(USAGE);
  const text = readText(file).trim();
  let names: string[];
  try {
    // Variables that the deployment sets itself, and that a document may depend on.
    names = Object.keys(readDocument(text, { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9092', GATEWAY_TABLE: 'table', ...environment }));
  } catch (error) {
    throw new Error(`${file} would be refused: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  const packed = PACKED.test(text) ? text : gzipSync(text, { level: 9 }).toString('base64');
  if (action === 'pack') return packed;
  return `${file} is right. It sets ${names.join(', ') || 'nothing'}. As it is, ${fit(text.length)}; packed, ${fit(packed.length)}.`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read: check its path`, { cause });
  }
}

function fit(size: number): string {
  const tier = size <= STANDARD ? 'fits a standard parameter' : size <= ADVANCED ? 'needs an advanced parameter' : 'is too large for any';
  return `it has ${size} characters and ${tier}`;
}
