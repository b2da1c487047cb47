import { users } from './command.ts';

// npm run users
try {
  console.log(await users(process.argv.slice(2), process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
