require("reflect-metadata");
const { BadRequestException, Body, Controller, Get, Module, Post } = require("@nestjs/common");
const { NestFactory } = require("@nestjs/core");

class Things {
  add(body) {
    if (typeof body?.name !== "string") throw new BadRequestException(["name must be a string"]);
    return body;
  }

  boom() {
    throw new Error("boom");
  }
}
const decorate = (name, ...decorators) =>
  Reflect.decorate(decorators, Things.prototype, name, Object.getOwnPropertyDescriptor(Things.prototype, name));
Body()(Things.prototype, "add", 0);
decorate("add", Post("things"));
decorate("boom", Get("boom"));
Controller()(Things);

class App {}
Module({ controllers: [Things] })(App);

(async () => {
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(Number(process.argv[2]), "127.0.0.1");
})();
