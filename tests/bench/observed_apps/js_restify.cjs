const restify = require("restify");

const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post("/things", (request, response, next) => {
  response.send(request.body);
  next();
});
server.get("/boom", () => {
  throw new Error("boom");
});
server.listen(Number(process.argv[2]), "127.0.0.1");
