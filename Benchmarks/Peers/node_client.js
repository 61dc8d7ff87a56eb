// The least that a client with node's own WebSocket does: each message, and a newline, to standard output.
const lines = require("./lines.js");

const server = new WebSocket(process.argv[2]);
server.addEventListener("open", () => server.send('{"action":"subscribe"}'));
server.addEventListener("message", (event) => lines.addText(event.data));
server.addEventListener("close", lines.flush);
