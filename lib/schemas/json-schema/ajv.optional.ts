/** What is loaded of npm to check JSON against schemas: ajv, which knows every draft since 04 and compiles schemas to code. */
export { Ajv } from 'ajv';
export { Ajv2019 } from 'ajv/dist/2019.js';
export { Ajv2020 } from 'ajv/dist/2020.js';
export { default as draft4 } from 'ajv-draft-04';
export { default as formats } from 'ajv-formats';
