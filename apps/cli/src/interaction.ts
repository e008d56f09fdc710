import { formatDuration, type Interaction } from "@keyspring/core";
import { openInBrowser } from "./browser.ts";
import type { Services } from "./services.ts";

/** Claude Code joins lines that arrive together; this much apart they stay lines. */
const BETWEEN_LINES = 300;

export interface InteractionOptions {
  /** False: only show, never open a browser. */
  readonly browser: boolean;
  readonly write: (text: string) => void;
}

/** Tells a person where to sign in: one short line per write. */
export function createInteraction({ platform, terminal }: Services, { browser, write }: InteractionOptions): Interaction {
  const lines: string[] = [];
  const pause = async (): Promise<void> => (terminal.outIsTerminal ? undefined : platform.clock.sleep(BETWEEN_LINES));
  const print = async (line: string): Promise<void> => {
    if (lines.length > 0) await pause();
    lines.push(line);
    write(`${line}\n`);
  };
  return {
    terminal: terminal.canAsk,
    async show({ url, urlComplete, code, expiration }) {
      await print(`Sign in at: ${urlComplete ?? url}`);
      if (code !== undefined) await print(`Code: ${code}`);
      if (expiration !== undefined) {
        const left = formatDuration(expiration.getTime() - platform.clock.now());
        await print(`Waiting for your approval (${left} left) ...`);
      }
    },
    say: (line) => write(`${line}\n`),
    openBrowser: async (url) => browser && openInBrowser(platform, url),
  };
}
