import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";

const resolvers = {
  Query: {
    boom: () => {
      throw new Error("boom");
    },
  },
};
const yoga = createYoga({ logging: false, schema: createSchema({ typeDefs: "type Query { boom: String! }", resolvers }) });
createServer(yoga).listen(Number(process.argv[2]), "127.0.0.1");
