/**
 * Guards the arrows of docs/architecture.md: who may import whom, what is loaded only when it is needed, and that what is imported is
 * declared. Prints each breach as `file:line  why` and exits with 1.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { importsBelow, type Import } from "./imports.ts";

/** Which packages of this workspace a package may import in its product code. Apps may import all. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "@keyspring/core": [],
  "@keyspring/host": ["@keyspring/core"],
  "@keyspring/source-sso": ["@keyspring/core"],
  "@keyspring/source-script": ["@keyspring/core"],
  "@keyspring/source-process": ["@keyspring/core"],
  "@keyspring/claude-code": ["@keyspring/core"],
  "@keyspring/aws-simulator": ["@keyspring/core"],
};
const COMPOSITION_ROOTS = /^apps\/[\w-]+\/src\/(?:main|container|tokens)\.ts$/;
const REGISTRY = /^apps\/[\w-]+\/src\/registry\.ts$/;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const folders = ["packages", "apps"].flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)));
const breaches = folders.flatMap((folder) => {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const source = join(folder, "src");
  return existsSync(source) ? importsBelow(source).flatMap((found) => judged(found, folder, manifest)) : [];
});
for (const breach of breaches) console.log(breach);
console.log(
  breaches.length === 0 ? "dependencies: every arrow points the right way" : `dependencies: ${breaches.length} breaches`,
);
process.exitCode = breaches.length === 0 ? 0 : 1;

function judged(found: Import, folder: string, manifest: Manifest): string[] {
  const { file, line, specifier } = found;
  const why = specifier.startsWith(".")
    ? outOfPackage(found, folder)
    : (misdirected(found, manifest) ?? undeclared(found, manifest));
  return why === undefined ? [] : [`${file}:${line}  ${why}`];
}

function outOfPackage({ file, specifier }: Import, folder: string): string | undefined {
  return join(file, "..", specifier).startsWith(`${folder}/`) ? undefined : `${specifier} reaches into another package`;
}

function misdirected({ file, specifier, kind }: Import, manifest: Manifest): string | undefined {
  const name = packageOf(specifier);
  const isTest = isTestFile(file);
  const builtin = builtinModules.includes(name.replace(/^node:/, ""));
  if (manifest.name === "@keyspring/core" && !isTest && (builtin || !specifier.startsWith("@keyspring/core")))
    return `core is pure: it may not import ${specifier}`;
  const allowed = ARROWS[manifest.name];
  if (!isTest && allowed !== undefined && name.startsWith("@keyspring/") && !allowed.includes(name))
    return `${manifest.name} may not import ${name}`;
  if (/^(?:tsyringe|reflect-metadata)$/.test(name) && !COMPOSITION_ROOTS.test(file))
    return `${name} belongs into the composition root`;
  if (name.startsWith("@keyspring/source-") && kind === "lazy" && !REGISTRY.test(file))
    return "sources are loaded by the registry alone";
  if (isTest || kind !== "static") return undefined;
  if (name.startsWith("@keyspring/source-")) return `${name} is loaded on use: import() it`;
  if (name.startsWith("@aws-sdk/")) return `${name} is loaded on use: import() it inside the function that needs it`;
  return undefined;
}

function undeclared(
  { file, specifier, kind }: Import,
  { name: self, dependencies = {}, devDependencies = {} }: Manifest,
): string | undefined {
  const name = packageOf(specifier);
  if (builtinModules.includes(name.replace(/^node:/, "")) || name === self) return undefined;
  // Apps are bundled, so what they import is built in and only development needs it.
  const bundled = file.startsWith("apps/");
  if (name in dependencies || (name in devDependencies && (isTestFile(file) || bundled || kind === "type"))) return undefined;
  return name === "vitest" || name === "fast-check" ? undefined : `${name} is not declared in package.json`;
}

function packageOf(specifier: string): string {
  const [scope = "", name = ""] = specifier.split("/");
  return specifier.startsWith("@") ? `${scope}/${name}` : scope;
}

function isTestFile(file: string): boolean {
  return /\.test\.ts$|\/src\/testing\//.test(file);
}
