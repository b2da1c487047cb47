type Answer<T> = (error: Error | null, result: T) => void;

/** Calls a method that takes a callback last, as those of kafka-rest do. */
export const ask = <Arguments extends unknown[], T>(
  receiver: object,
  method: (...given: [...Arguments, Answer<T>]) => void,
  ...given: Arguments
): Promise<T> =>
  new Promise((resolve, reject) => {
    method.call(receiver, ...given, (error: Error | null, result: T) => (error === null ? resolve(result) : reject(error)));
  });

/** What kafka-rest's error says: the status and the gateway's code. */
export const refusal = (error: { name: string; status: number; data: { error_code: number } }) => [
  error.name,
  error.status,
  error.data.error_code,
];
