import type { Clock } from "@keyspring/core";
import { paint } from "../present/colour.ts";
import type { Terminal } from "../terminal.ts";

/** The demo's voice: numbered chapters, the commands as typed, what they answered. */
export interface Teller {
  begin(text: string): void;
  chapter(title: string): void;
  /** A sentence between commands. */
  say(text: string): void;
  /** A command as a person would type it. */
  typed(line: string): void;
  answered(text: string): void;
  /** What this proves, with a tick. */
  shown(text: string): void;
  end(text: string): void;
}

const LONGEST_LINE = 160;

export function createTeller(terminal: Terminal, clock: Pick<Clock, "now">): Teller {
  const startedAt = clock.now();
  let chapters = 0;
  const line = (text: string): void => terminal.out(`${text}\n`);
  return {
    begin: line,
    chapter(title) {
      chapters += 1;
      line(`\n${paint(terminal, "bold", `${chapters}. ${title}`)}`);
    },
    say: (text) => line(paint(terminal, "dim", `   ${text}`)),
    typed: (text) => line(`   ${paint(terminal, "cyan", `$ ${text}`)}`),
    answered: (text) =>
      (text.trim() === "" ? paint(terminal, "dim", "(it prints nothing)") : text.trimEnd())
        .split("\n")
        .forEach((part) => line(`     ${clipped(part)}`)),
    shown: (text) => line(`   ${paint(terminal, "green", "✔")} ${text}`),
    end: (text) => line(`\n${text}\n(${((clock.now() - startedAt) / 1000).toFixed(1)} s)`),
  };
}

/** A whole command line of settings.json fills half a screen, and its beginning says what it is. */
function clipped(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}
