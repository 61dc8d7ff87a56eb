// Collects lines, and writes them to standard output in large pieces.
const fs = require("node:fs");

const space = Buffer.allocUnsafe(1 << 20);
let filled = 0;

function flush() {
  for (let written = 0; written < filled; ) written += fs.writeSync(1, space, written, filled - written);
  filled = 0;
}

function room(count) {
  if (count >= space.length) throw new Error("a message is too long");
  if (filled + count > space.length) flush();
}

exports.flush = flush;

exports.addBytes = (bytes) => {
  room(bytes.length + 1);
  bytes.copy(space, filled);
  filled += bytes.length;
  space[filled++] = 10;
};

exports.addText = (text) => {
  room(3 * text.length + 1);
  filled += space.write(text, filled);
  space[filled++] = 10;
};
