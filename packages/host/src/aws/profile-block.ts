import { invalidConfiguration } from "@keyspring/core";

/** A profile of `~/.aws/config` that is Keyspring's own, kept between two lines of comment. */
export interface ProfileBlock {
  /** `[profile <name>]` */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

const begin = (name: string): string => `# >>> keyspring ${name} >>>`;
const end = (name: string): string => `# <<< keyspring ${name} <<<`;
/** What stood before, so that taking the block out restores every byte. */
const NEW_FILE = " this file was made for it";
const JOINED = " the line above had no end";

/**
 * The text with the block at its end, or in the place where it was. Nothing else changes.
 * @param text `undefined` if there is no such file
 */
export function withBlock(text: string | undefined, { name, values }: ProfileBlock, file: string): string {
  const eol = text?.includes("\r\n") ? "\r\n" : "\n";
  const body = [`[profile ${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`), end(name)].join(eol);
  const place = text === undefined ? undefined : placeOf(text, name, file);
  if (text !== undefined && place !== undefined) {
    const firstLine = text.slice(place.start, place.stop).split(/\r?\n/)[0]!;
    return `${text.slice(0, place.start)}${firstLine}${eol}${body}${eol}${text.slice(place.stop)}`;
  }
  const isJoined = text !== undefined && text !== "" && !text.endsWith("\n");
  const note = text === undefined ? NEW_FILE : isJoined ? JOINED : "";
  return `${text ?? ""}${isJoined ? eol : ""}${begin(name)}${note}${eol}${body}${eol}`;
}

/** The text as it was before the block; `undefined` if there was no file. */
export function withoutBlock(text: string, name: string, file: string): string | undefined {
  const place = placeOf(text, name, file);
  if (place === undefined) return text;
  const firstLine = text.slice(place.start).split(/\r?\n/, 1)[0]!;
  const before = text.slice(0, place.start);
  const after = text.slice(place.stop);
  if (firstLine.endsWith(NEW_FILE) && before + after === "") return undefined;
  // What others added behind the block needs the line end that we added.
  return (firstLine.endsWith(JOINED) && after === "" ? before.replace(/\r?\n$/, "") : before) + after;
}

function placeOf(text: string, name: string, file: string): { start: number; stop: number } | undefined {
  const start = lineStart(text, begin(name));
  if (start === -1) return undefined;
  const last = lineStart(text, end(name));
  if (last < start)
    throw invalidConfiguration(
      `the end of Keyspring's block for ${name} is missing in ${file}`,
      `Remove the block by hand: it begins with ${begin(name)}`,
    );
  const lineEnd = text.indexOf("\n", last);
  return { start, stop: lineEnd === -1 ? text.length : lineEnd + 1 };
}

function lineStart(text: string, line: string): number {
  if (text.startsWith(line)) return 0;
  const found = text.indexOf(`\n${line}`);
  return found === -1 ? -1 : found + 1;
}
