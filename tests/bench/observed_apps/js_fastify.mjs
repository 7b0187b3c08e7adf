import Fastify from "fastify";

const app = Fastify();
const body = {
  type: "object",
  required: ["name"],
  properties: { name: { type: "string" }, n: { type: "integer" } },
};
app.post("/things", { schema: { body } }, async (request) => request.body);
app.get("/boom", async () => {
  throw new Error("boom");
});
await app.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
