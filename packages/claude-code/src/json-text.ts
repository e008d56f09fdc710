import { invalidConfiguration, type CredentialError } from "@keyspring/core";
import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";

/** A settings file as text, with everything that an edit must leave as it is. */
export interface SettingsText {
  /** Without the byte-order mark. */
  readonly text: string;
  readonly bom: boolean;
  readonly value: Readonly<Record<string, unknown>>;
}

const BOM = "\uFEFF";

/**
 * Reads a settings file as Claude Code does: one strict JSON object, a byte-order mark allowed, an empty file meaning no settings.
 * Stricter in two points, because an edit could lose something there: UTF-8 only, and no name twice in an object that Keyspring edits.
 * @throws CredentialError INVALID_CONFIGURATION with line and column
 */
export function parseSettings(bytes: Uint8Array, path: string): SettingsText {
  const decoded = decode(bytes, path);
  const bom = decoded.startsWith(BOM);
  const text = bom ? decoded.slice(1) : decoded;
  if (text.trim() === "") return { text, bom, value: {} };
  const root = strictTree(text, path);
  if (root.type !== "object") throw refused(`${path} holds ${article(root.type)} where Claude Code wants an object`, path);
  refuseDuplicates(text, root, path);
  return { text, bom, value: valueOf(text) };
}

/** What a text that was accepted before says; a byte-order mark may stand before it. */
export function valueOf(text: string): Record<string, unknown> {
  const bare = text.startsWith(BOM) ? text.slice(1) : text;
  return bare.trim() === "" ? {} : (JSON.parse(bare) as Record<string, unknown>);
}

/** The bytes of an edited text. */
export function settingsBytes(text: string, bom: boolean): Uint8Array {
  return new TextEncoder().encode(bom ? BOM + text : text);
}

function decode(bytes: Uint8Array, path: string): string {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (!wide) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Falls through to the refusal below.
  }
  throw invalidConfiguration(
    `${path} is not UTF-8${wide ? " but UTF-16" : ""}, so it cannot be edited without risk`,
    "Save it as UTF-8 in your editor, then run the command again.",
  );
}

function strictTree(text: string, path: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors.toSorted((a, b) => a.offset - b.offset)[0];
  if (first !== undefined || root === undefined) throw syntaxError(text, first, path);
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalidConfiguration(`${path} is no valid JSON`, editAndRetry(path), error);
  }
  return root;
}

function syntaxError(text: string, error: ParseError | undefined, path: string): CredentialError {
  const offset = error?.offset ?? 0;
  return invalidConfiguration(`${path}:${place(text, offset)}: ${problem(text, error)}`, editAndRetry(path));
}

function problem(text: string, error: ParseError | undefined): string {
  const code = error === undefined ? "" : printParseErrorCode(error.error);
  const at = error?.offset ?? 0;
  if (/^\/[/*]/.test(text.slice(at, at + 2))) return "a comment, for which Claude Code rejects the whole file";
  const before = text.slice(0, at).trimEnd();
  if (/[}\]]/.test(text[at] ?? "") && before.endsWith(","))
    return "a comma with nothing after it, for which Claude Code rejects the whole file";
  const words = code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return `no valid JSON${words === "" ? "" : ` (${words})`}, so Claude Code rejects the whole file`;
}

/** Names that decide what an edit changes: at the top, in `env`, in `hooks`. Elsewhere a duplicate is not ours to judge. */
function refuseDuplicates(text: string, root: Node, path: string): void {
  const objects = [
    root,
    ...(root.children ?? []).filter((property) => ["env", "hooks"].includes(String(property.children?.[0]?.value))),
  ];
  for (const node of objects) {
    const object = node.type === "property" ? node.children?.[1] : node;
    if (object?.type !== "object") continue;
    const seen = new Set<string>();
    for (const property of object.children ?? []) {
      const name = String(property.children?.[0]?.value);
      if (seen.has(name))
        throw invalidConfiguration(
          `${path}:${place(text, property.offset)}: "${name}" stands here a second time, and only the last one counts`,
          `Delete one of the two in ${path}, then run the command again.`,
        );
      seen.add(name);
    }
  }
}

/** `line:column`, both from 1, as editors count. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function refused(what: string, path: string): CredentialError {
  return invalidConfiguration(what, editAndRetry(path));
}

function editAndRetry(path: string): string {
  return `Mend ${path} in an editor (claude doctor lists such files), then run the command again.`;
}

function article(type: string): string {
  return type === "array" ? "an array" : type === "null" ? "null" : `a ${type}`;
}
