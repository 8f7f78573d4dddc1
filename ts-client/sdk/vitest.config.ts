import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    // A live test starts a real server, and a loaded machine takes its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
