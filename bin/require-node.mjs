// Loaded before everything else (`node --import`): an older Node stops at the first TypeScript file, with a stack trace.
// Plain JavaScript, so that any Node can say it. `npm ci` installs the right one, unless its install scripts are off.
const needed = 24;
const major = Number.parseInt(process.versions.node, 10);
if (major < needed) {
  console.error(
    `Rollcall needs Node ${needed}, and this is Node ${process.versions.node}: run "npm ci" without --ignore-scripts, which installs it.`,
  );
  process.exit(1);
}
