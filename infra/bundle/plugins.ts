import { commonJsOutput } from './common-js-output.ts';
import { frozenDocuments } from './frozen-documents.ts';
import { optionalModules } from './optional-modules.ts';
import { slimDependencies } from './slim-dependencies.ts';

/** The esbuild plugins that build every function. */
export default [slimDependencies, optionalModules, frozenDocuments, commonJsOutput];
