import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";

export interface Import {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  /** `lazy`: inside a function, by `import()`. `type`: gone after compilation. */
  readonly kind: "static" | "lazy" | "type";
}

/** Every import of every TypeScript file below a folder. */
export function importsBelow(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && !/node_modules|(^|\/)dist\//.test(name))
    .flatMap((name) => importsOf(join(folder, name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const found: Import[] = [];
  for (const { start, moduleRequest, entries } of module.staticImports) {
    const onlyTypes = entries.length > 0 && entries.every(({ isType }) => isType);
    found.push({ file, line: lineAt(start), specifier: moduleRequest.value, kind: onlyTypes ? "type" : "static" });
  }
  for (const { start, entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest)
        found.push({ file, line: lineAt(start), specifier: moduleRequest.value, kind: isType ? "type" : "static" });
    }
  }
  for (const { start, moduleRequest } of module.dynamicImports) {
    const specifier = /^["'](.*)["']$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1];
    if (specifier !== undefined) found.push({ file, line: lineAt(start), specifier, kind: "lazy" });
  }
  return found;
}
