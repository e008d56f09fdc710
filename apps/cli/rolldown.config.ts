import { chmodSync, copyFileSync } from "node:fs";
import { defineConfig, type Plugin } from "rolldown";

const finish: Plugin = {
  name: "finish",
  writeBundle({ dir }) {
    // npm sets the mode of a bin at install; a clone has nobody to do so.
    chmodSync(`${dir}/keyspring.cjs`, 0o755);
    // For editors that complete config.toml.
    copyFileSync("../../packages/host/config.schema.json", `${dir}/config.schema.json`);
  },
};

/** CommonJS starts faster than ESM, and whatever a command does not need stays in chunks that it never loads. */
export default defineConfig({
  input: { keyspring: "src/main.ts" },
  platform: "node",
  // jsonc-parser has its UMD build under `main`, whose requires no bundler can follow.
  resolve: { mainFields: ["module", "main"], conditionNames: ["@keyspring/source", "node", "require", "import", "default"] },
  external: ["fs-native-extensions"],
  transform: { target: "node20.19" },
  output: {
    dir: "dist",
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "chunks/[name]-[hash].cjs",
    banner: (chunk) => (chunk.isEntry ? "#!/usr/bin/env node" : ""),
    cleanDir: true,
    minify: { compress: true, mangle: false, codegen: false },
  },
  plugins: [finish],
});
