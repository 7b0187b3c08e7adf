import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

const resolvers = {
  Query: {
    boom: () => {
      throw new Error("boom");
    },
  },
};
const server = new ApolloServer({ typeDefs: "type Query { boom: String! }", resolvers, includeStacktraceInErrorResponses: false });
await startStandaloneServer(server, { listen: { port: Number(process.argv[2]), host: "127.0.0.1" } });
