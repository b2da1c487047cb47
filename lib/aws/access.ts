/** How to reach AWS services. */
export interface AwsAccess {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  /** The URL of the Lambda API. */
  readonly lambda: string;
}

/** Call it for each use, because the credentials of a process change. */
export type ReadAccess = () => AwsAccess;
