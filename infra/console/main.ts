import { openConsoleOf } from './command.ts';

// npm run console
try {
  const { url } = await openConsoleOf(process.argv.slice(2));
  console.log(`${url}/console\nWho has this address can use your AWS credentials for the gateway. Ctrl-C ends it.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
