import { defineConfig } from "vitest/config";

/** Workspace packages are tested from their sources, so no build stands between an edit and its test. */
const resolve = { conditions: ["@keyspring/source"] };
const ssr = { resolve: { conditions: ["@keyspring/source"] } };

export default defineConfig({
  test: {
    reporters: ["default", "./tools/closing-line-reporter.ts"],
    projects: [
      { resolve, ssr, test: { name: "unit", include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"] } },
      {
        resolve,
        ssr,
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
