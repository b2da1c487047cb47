// Preloaded by `npm start`, in old JavaScript: an older Node cannot even parse the TypeScript that follows.
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(
    `The gateway runs on Node 24, but this is Node ${process.versions.node}. \`npm ci\` installs a Node 24 for the commands of npm, ` +
      'with its install scripts switched on; run `npm start` after that.',
  );
  process.exit(1);
}
