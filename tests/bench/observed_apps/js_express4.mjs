import express from "express4";

const app = express();
app.use(express.json());
app.post("/things", (request, response) => response.json(request.body));
app.get("/boom", () => {
  throw new Error("boom");
});
app.listen(Number(process.argv[2]), "127.0.0.1");
