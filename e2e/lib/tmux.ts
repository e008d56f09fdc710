import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** A program in a real terminal, with somebody who looks at the screen and types. */
export interface Terminal {
  /** What the screen shows now, with lines that the terminal wrapped put together again. */
  screen(): string;
  /** All that went over the screen. */
  history(): string;
  /** Types as a person does: the text, then Enter. */
  type(text: string): Promise<void>;
  /** Keys by tmux's names: `Enter`, `Escape`, `C-c`. */
  press(...keys: string[]): void;
  /** The screen, once it shows this. Fails with the screen if that takes longer than a minute. */
  shows(what: RegExp | string, timeout?: number): Promise<string>;
  /** The program's exit code, once it has ended. */
  ended(timeout?: number): Promise<number>;
  /** Ends the terminal as closing its window does: everything in it is told to hang up. Resolves when the program has gone. */
  close(): Promise<void>;
}

export interface TerminalOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
  /** Told what the screen showed, at every look. */
  readonly saw?: (text: string) => void;
  /** Of the test's own context; needed in concurrent tests. */
  readonly onFinished?: (close: () => Promise<void>) => void;
}

const ENDED = /\[ended with (\d+)\]/;
/** Less time between the text and Enter looks like something pasted. */
const BETWEEN_KEYS = 500;
const LOOK_AGAIN = 150;

/** Runs a program in a terminal of its own. Its environment is exactly `env`. The terminal is gone when the test ends. */
export function openTerminal(program: string, args: readonly string[], options: TerminalOptions): Terminal {
  const { env, cwd, columns = 160, rows = 50, saw = () => {}, onFinished = onTestFinished } = options;
  const folder = mkdtempSync(join(tmpdir(), "keyspring-tmux-"));
  const tmux = (...words: string[]): string =>
    execFileSync("tmux", ["-S", join(folder, "socket"), "-f", "/dev/null", ...words], {
      env,
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  // Ctrl-C is meant for the program, not for the shell that tells how it ended.
  const script = 'trap : INT; "$@"; echo "[ended with $?]"; exec sleep 600';
  tmux("new-session", "-d", "-x", String(columns), "-y", String(rows), "/bin/sh", "-c", script, "sh", program, ...args);
  const look = (...words: string[]): string => {
    const text = tmux("capture-pane", "-p", "-J", ...words).replaceAll(/[ \t]+$/gm, "");
    saw(text);
    return text;
  };
  let closed = false;
  const self: Terminal = {
    screen: () => look(),
    history: () => look("-S", "-"),
    async type(text) {
      tmux("send-keys", "-l", text);
      await sleep(BETWEEN_KEYS);
      tmux("send-keys", "Enter");
    },
    press: (...keys) => void tmux("send-keys", ...keys),
    async shows(what, timeout = 60_000) {
      const end = Date.now() + timeout;
      for (;;) {
        const text = self.screen();
        if (typeof what === "string" ? text.includes(what) : what.test(text)) return text;
        if (Date.now() > end) throw new Error(`the screen never showed ${what}; it shows:\n${text}`);
        await sleep(LOOK_AGAIN);
      }
    },
    async ended(timeout) {
      return Number(ENDED.exec(await self.shows(ENDED, timeout))![1]);
    },
    async close() {
      if (closed) return;
      closed = true;
      self.history();
      const shell = tmux("display-message", "-p", "#{pane_pid}").trim();
      const programs = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8")
        .split(" ")
        .filter((pid) => pid.trim() !== "");
      tmux("kill-server");
      while (programs.some((pid) => existsSync(`/proc/${pid}`))) await sleep(LOOK_AGAIN);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  onFinished(() => self.close());
  return self;
}
