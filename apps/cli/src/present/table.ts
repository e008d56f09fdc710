import { stripVTControlCharacters } from "node:util";

/** Rows as columns of equal width; columns that are empty everywhere below the head are left out. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const kept = head.map((_, column) => column).filter((column) => body.some((row) => row[column] !== ""));
  const widths = kept.map((column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  const line = (row: readonly string[]): string =>
    kept
      .map((column, index) => `${row[column] ?? ""}${" ".repeat(widths[index]! - width(row[column] ?? ""))}`)
      .join("  ")
      .trimEnd();
  return `${rows.map(line).join("\n")}\n`;
}

/** Colours take no room. */
function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
