/** How services of AWS are reached. */
export interface AwsAccess {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  /** Of Lambda. */
  readonly lambda: string;
}

/** Says so at the time: the credentials of a process change while it runs. */
export type ReadAccess = () => AwsAccess;
