import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/real/**", "test/rehearsal/**", "test/browser/**", "node_modules/**"],
    env: { CDK_VALIDATION: "false" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
