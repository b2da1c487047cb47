// The framework cannot load TypeScript itself.
const { templateFor } = require('./template.ts');

module.exports = templateFor(process.env);
