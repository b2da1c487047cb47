// The framework reads no TypeScript by itself.
const { templateFor } = require('./template.ts');

module.exports = templateFor(process.env);
