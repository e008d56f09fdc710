import { applyEdits, parseTree, type Node } from "jsonc-parser";

/**
 * Edits of JSON text that touch no byte but their own: the new part copies the white space of its neighbours, and taking it out again
 * gives the former text back. (jsonc-parser's own `modify` formats whole lines anew, other people's included.)
 */

/** Sets `path` (names of objects) to `value`; missing objects are made. Text without any JSON becomes an object. */
export function setValue(text: string, path: readonly string[], value: unknown): string {
  if (text.trim() === "") return setValue(`{}${eolOf(text)}`, path, value);
  const { node, rest } = descend(text, path);
  if (rest.length === 0) return replace(text, node, print(value, text, indentationOf(text, node)));
  return insert(text, node, rest[0], nest(rest.slice(1), value));
}

/** Adds `item` at the end of the array at `path`; missing objects and the array itself are made. */
export function appendItem(text: string, path: readonly string[], item: unknown): string {
  if (text.trim() === "") return appendItem(`{}${eolOf(text)}`, path, item);
  const { node, rest } = descend(text, path);
  return rest.length === 0 ? insert(text, node, undefined, item) : insert(text, node, rest[0], nest(rest.slice(1), [item]));
}

/** Takes out the member at `path`; an index picks an array's item. The text is the same if there is none. */
export function removeAt(text: string, path: readonly (string | number)[]): string {
  const root = parseTree(text);
  const last = path.at(-1);
  const parent = root && walk(root, path.slice(0, -1));
  const members = parent?.children ?? [];
  const index = typeof last === "number" ? last : members.findIndex((member) => member.children?.[0]?.value === last);
  const member = members[index];
  if (parent === undefined || member === undefined) return text;
  const before = members[index - 1];
  const after = members[index + 1];
  if (before !== undefined) return cut(text, end(before), end(member));
  if (after !== undefined) return cut(text, member.offset, after.offset);
  return cut(text, parent.offset + 1, end(parent) - 1);
}

/** Puts `value` in the place of the array item at `index`. */
export function replaceItem(text: string, path: readonly string[], index: number, value: unknown): string {
  const root = parseTree(text);
  const item = root && walk(root, [...path, index]);
  if (item === undefined) return text;
  const spread = /[\r\n]/.test(text.slice(item.offset, end(item)));
  return replace(text, item, print(value, text, spread ? indentationOf(text, item) : undefined));
}

interface Descent {
  readonly node: Node;
  /** What of the path does not exist below `node`. */
  readonly rest: readonly string[];
}

function descend(text: string, path: readonly string[]): Descent {
  let node = parseTree(text)!;
  for (const [depth, name] of path.entries()) {
    const next = walk(node, [name]);
    if (next === undefined) return { node, rest: path.slice(depth) };
    node = next;
  }
  return { node, rest: [] };
}

function walk(from: Node, path: readonly (string | number)[]): Node | undefined {
  let node: Node | undefined = from;
  for (const step of path) {
    const members: readonly Node[] = node?.children ?? [];
    node =
      typeof step === "number" ? members[step] : members.find((member) => member.children?.[0]?.value === step)?.children?.[1];
  }
  return node;
}

function insert(text: string, parent: Node, name: string | undefined, value: unknown): string {
  const members = parent.children ?? [];
  const last = members.at(-1);
  const space = last === undefined ? spaceInEmpty(text, parent) : spaceBefore(text, parent, members);
  const label = name === undefined ? "" : JSON.stringify(name) + colonOf(text, last);
  const indentation = /[\r\n]([ \t]*)$/.exec(space)?.[1];
  const body = space + label + print(value, text, indentation);
  if (last !== undefined) return applyEdits(text, [{ offset: end(last), length: 0, content: `,${body}` }]);
  const closing = indentation === undefined ? "" : eolOf(text) + indentationOf(text, parent);
  return applyEdits(text, [{ offset: parent.offset + 1, length: parent.length - 2, content: body + closing }]);
}

/** The white space that stands before the last member, without a blank line that would only be repeated. */
function spaceBefore(text: string, parent: Node, members: readonly Node[]): string {
  const last = members.at(-1)!;
  const from = members.length === 1 ? parent.offset + 1 : end(members.at(-2)!);
  const space = text.slice(from, last.offset).replace(/^\s*,/, "");
  return /(?:\r\n|\r|\n)[ \t]*$/.exec(space)?.[0] ?? space;
}

/** Where nothing stands yet: a line of its own, unless the whole document stands on one line. */
function spaceInEmpty(text: string, parent: Node): string {
  const oneLine = !/[\r\n]/.test(text.trim());
  if (oneLine && parent.parent !== undefined) return "";
  return eolOf(text) + indentationOf(text, parent) + unitOf(text);
}

function colonOf(text: string, neighbour: Node | undefined): string {
  const [name, value] = neighbour?.children ?? [];
  if (neighbour?.type !== "property" || name === undefined || value === undefined)
    return /":\S/.test(text) && !/[\r\n]/.test(text.trim()) ? ":" : ": ";
  const between = text.slice(end(name), value.offset);
  return /[\r\n]/.test(between) ? ": " : between;
}

/** `undefined` indentation: on one line. */
function print(value: unknown, text: string, indentation: string | undefined): string {
  if (indentation === undefined) return JSON.stringify(value);
  const lines = JSON.stringify(value, undefined, unitOf(text)).split("\n");
  return lines.join(eolOf(text) + indentation);
}

/** The white space at the start of the node's line. */
function indentationOf(text: string, node: Node): string {
  const start = Math.max(text.lastIndexOf("\n", node.offset - 1), text.lastIndexOf("\r", node.offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start))![0];
}

/** One step of indentation: as in the first indented line, else two spaces. */
function unitOf(text: string): string {
  return /(?:^|[\r\n])([ \t]+)\S/.exec(text)?.[1] ?? "  ";
}

function eolOf(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, name) => ({ [name]: inner }), value);
}

function replace(text: string, node: Node, content: string): string {
  return applyEdits(text, [{ offset: node.offset, length: node.length, content }]);
}

function cut(text: string, from: number, to: number): string {
  return applyEdits(text, [{ offset: from, length: to - from, content: "" }]);
}

const end = (node: Node): number => node.offset + node.length;
