/** Plugin of the framework: ends `serverless invoke local`, which would wait for the connections that a function keeps open. */
export default class EndInvokeLocal {
  readonly hooks = {
    // When all is written that it has printed, with the exit code that it has set.
    'after:invoke:local:invoke': () => process.stdout.write('', () => process.exit()),
  };
}
