import { join } from 'node:path';
import { packageWeb } from './package.ts';

// npm run package:web: the gateway as one process, for infra/web/stack.yml.
console.log(await packageWeb(join(import.meta.dirname, '../../.serverless/web')));
