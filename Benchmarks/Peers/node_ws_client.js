// The least that a client with the package `ws` does: each message, and a newline, to standard output.
const { WebSocket } = require("ws");
const lines = require("./lines.js");

const server = new WebSocket(process.argv[2], { perMessageDeflate: false, skipUTF8Validation: true });
server.on("open", () => server.send('{"action":"subscribe"}'));
server.on("message", lines.addBytes);
server.on("close", lines.flush);
