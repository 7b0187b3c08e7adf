import { serve } from "@hono/node-server";
import { Hono } from "hono";

const app = new Hono();
app.post("/things", async (context) => context.json(await context.req.json()));
app.get("/boom", () => {
  throw new Error("boom");
});
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
