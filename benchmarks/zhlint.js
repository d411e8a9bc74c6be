// Read a line of JSON, an array of texts; clean each with zhlint; answer with how many there were.
const { run } = require(process.argv[2]);
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const texts = JSON.parse(line);
  for (const text of texts) run(text, { rules: { preset: "default" } });
  process.stdout.write(`${texts.length}\n`);
});
