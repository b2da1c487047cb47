type Variables = Record<string, string | object | null>;

/** The part of the framework's object that this plugin uses. */
interface Serverless {
  processedInput: { commands: string[] };
  service: { provider: { environment: Variables }; functions: Record<string, { environment?: Variables }> };
}

/** Plugin of the framework: makes `serverless invoke local` work for these functions. */
export default class InvokeLocal {
  readonly hooks: Record<string, () => void>;

  constructor({ processedInput, service }: Serverless) {
    this.hooks = {
      // Variables with a resource of the stack have no value here, and the framework would fail on them.
      initialize() {
        if (processedInput.commands.join(' ') !== 'invoke local') return;
        for (const { environment = {} } of [service.provider, ...Object.values(service.functions)]) {
          for (const [name, value] of Object.entries(environment)) if (typeof value === 'object') delete environment[name];
        }
      },
      // A function's open connections would keep the process alive: end it once its output is written, with the exit code that it has set.
      'after:invoke:local:invoke': () => process.stdout.write('', () => process.exit()),
    };
  }
}
