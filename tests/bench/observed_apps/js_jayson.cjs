const jayson = require("jayson");

const server = new jayson.Server({ ping: (args, callback) => callback(null, "pong") });
server.http().listen(Number(process.argv[2]), "127.0.0.1");
