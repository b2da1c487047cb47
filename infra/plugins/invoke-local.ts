/** The part of the framework's object that this plugin uses. */
interface Serverless {
  processedInput: { commands: string[] };
  service: { provider: { environment: Record<string, string | object | null> } };
}

/** Plugin of the framework: makes `serverless invoke local` work for these functions. */
export default class InvokeLocal {
  readonly hooks: Record<string, () => void>;

  constructor({ processedInput, service }: Serverless) {
    this.hooks = {
      // What names a resource of the stack has no value here, and the framework would fail on it.
      initialize() {
        const { environment } = service.provider;
        if (processedInput.commands.join(' ') !== 'invoke local') return;
        for (const [name, value] of Object.entries(environment)) if (typeof value === 'object') delete environment[name];
      },
      // It would wait for the connections that a function keeps open. When all is written that it has printed, with the exit code that it has set.
      'after:invoke:local:invoke': () => process.stdout.write('', () => process.exit()),
    };
  }
}
