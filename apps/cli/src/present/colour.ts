import pc from "picocolors";
import type { Terminal } from "../terminal.ts";

const COLOURS = pc.createColors(true);

/** The text in a colour, where the terminal shows colours. */
export function paint(
  { colour }: Pick<Terminal, "colour">,
  name: "green" | "yellow" | "red" | "dim" | "bold" | "cyan",
  text: string,
): string {
  return colour ? COLOURS[name](text) : text;
}
