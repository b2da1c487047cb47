import { cost } from './command.ts';

// npm run cost
try {
  console.log(cost(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
