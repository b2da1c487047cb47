import { configuration } from './command.ts';

// npm run config
try {
  console.log(configuration(process.argv.slice(2), process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
