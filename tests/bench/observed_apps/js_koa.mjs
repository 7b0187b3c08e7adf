import Koa from "koa";
import parser from "koa-bodyparser";
import Router from "koa-router";

const app = new Koa();
app.silent = true;
const router = new Router();
router.post("/things", (context) => {
  context.body = context.request.body;
});
router.get("/boom", () => {
  throw new Error("boom");
});
app.use(parser()).use(router.routes()).use(router.allowedMethods());
app.listen(Number(process.argv[2]), "127.0.0.1");
