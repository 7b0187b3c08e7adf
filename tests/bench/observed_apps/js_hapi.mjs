import Hapi from "@hapi/hapi";

const server = Hapi.server({ port: Number(process.argv[2]), host: "127.0.0.1", debug: false });
const validate = {
  payload: (value) => {
    if (typeof value?.name !== "string") throw new Error("name is required");
    return value;
  },
  failAction: (request, h, error) => {
    throw error;
  },
};
server.route({
  method: "POST",
  path: "/things",
  options: { payload: { allow: "application/json" }, validate },
  handler: (request) => request.payload,
});
server.route({
  method: "GET",
  path: "/boom",
  handler: () => {
    throw new Error("boom");
  },
});
await server.start();
