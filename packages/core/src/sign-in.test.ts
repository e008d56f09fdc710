import { describe, expect, it } from "vitest";
import { CredentialError, signInRequired } from "./errors.ts";
import { silentLog } from "./log.ts";
import type { Target } from "./resolver.ts";
import { signIn, type PendingSignIn, type SignInOptions } from "./sign-in.ts";
import type { CredentialSource, Interaction, SignInPrompt } from "./source.ts";
import { fakePlatform } from "./testing/index.ts";

const PROMPT: SignInPrompt = { url: "https://sign.in/device", code: "ABCD-EFGH" };

function house(perform: (attempt: number, interaction: Interaction) => Promise<void>) {
  const platform = fakePlatform();
  const records = new Map<string, PendingSignIn>();
  const state = { signedIn: false, attempts: 0, unreadable: false };
  const source: CredentialSource = {
    provide: async () => Promise.reject(signInRequired("acme", "not signed in")),
    async signIn(_request, interaction) {
      state.attempts += 1;
      await perform(state.attempts, interaction);
      state.signedIn = true;
    },
    signInScope: "session",
  };
  const parts = {
    platform,
    log: silentLog,
    pending: {
      read: async (scope: string) => {
        if (state.unreadable) throw new Error("EACCES");
        return records.get(scope);
      },
      write: async (scope: string, record: PendingSignIn) => void records.set(scope, record),
      remove: async (scope: string) => void records.delete(scope),
    },
    lockFile: (scope: string) => `/locks/${scope}`,
  };
  const target: Target = { profile: "acme", sourceId: "fake", key: "k", source };
  /** One process that wants to be signed in. */
  const caller = (options: Partial<SignInOptions> = {}) => {
    const shown: SignInPrompt[] = [];
    const interaction: Interaction = {
      terminal: false,
      show: async (prompt) => void shown.push(prompt),
      say: () => {},
      openBrowser: async () => false,
    };
    const signal = options.signal ?? new AbortController().signal;
    const done = signIn(parts, target, interaction, { signal, isDone: async () => state.signedIn, ...options });
    // Looked at later: without this a rejection in the meantime would count as unhandled.
    done.catch(() => {});
    return { shown, done };
  };
  return { platform, records, state, caller };
}

/** A promise that a test settles. */
function gate(): { open: () => void; fail: (error: Error) => void; wait: Promise<void> } {
  const settle: { resolve?: () => void; reject?: (error: Error) => void } = {};
  const wait = new Promise<void>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  return { open: () => settle.resolve?.(), fail: (error) => settle.reject?.(error), wait };
}

describe("sign-in", () => {
  it("what others do cannot be read: fails, and blocks nobody", async () => {
    const { state, caller } = house(async () => {});
    state.unreadable = true;
    await expect(caller().done).rejects.toThrow("EACCES");
    state.unreadable = false;
    await caller().done;
    expect(state.attempts).toBe(1);
  });

  it("20 callers at once: one sign-in, everybody sees the same code and ends when it ends", async () => {
    const approval = gate();
    const { platform, state, caller, records } = house(async (_attempt, interaction) => {
      await interaction.show(PROMPT);
      await approval.wait;
    });
    const began = platform.clock.now();
    const callers = Array.from({ length: 20 }, () => caller());
    await platform.clock.advance(2000);
    expect(callers.map(({ shown }) => shown)).toEqual(callers.map(() => [PROMPT]));
    approval.open();
    await platform.clock.advance(20_000);
    await Promise.all(callers.map(({ done }) => done));
    expect(state.attempts).toBe(1);
    expect(records.get("session")).toEqual({ pid: 4242, startedAt: began, signedInAt: began + 2000 });
  });

  it("declined: those who joined fail with it and open no second one", async () => {
    const decision = gate();
    const { platform, state, caller } = house(async (_attempt, interaction) => {
      await interaction.show(PROMPT);
      await decision.wait;
    });
    const first = caller();
    const second = caller();
    await platform.clock.advance(1000);
    decision.fail(new CredentialError("SIGN_IN_REQUIRED", "the sign-in was declined", { remedy: "Run: keyspring login" }));
    await platform.clock.advance(2000);
    await expect(first.done).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
    await expect(second.done).rejects.toMatchObject({ message: "the sign-in was declined", remedy: "Run: keyspring login" });
    expect(state.attempts).toBe(1);
  });

  it("declined earlier: a new caller may try again", async () => {
    const { platform, state, caller } = house(async (attempt) => {
      if (attempt === 1) throw new CredentialError("SIGN_IN_REQUIRED", "declined", { remedy: "Run: keyspring login" });
    });
    await expect(caller().done).rejects.toMatchObject({ message: "declined" });
    await platform.clock.advance(5000);
    await caller().done;
    expect(state.attempts).toBe(2);
  });

  it("the first is interrupted: the next in line goes on", async () => {
    const interruption = new AbortController();
    const { platform, state, caller } = house(async (attempt, interaction) => {
      await interaction.show(PROMPT);
      if (attempt === 1)
        await new Promise((_resolve, reject) =>
          interruption.signal.addEventListener("abort", () => reject(interruption.signal.reason)),
        );
    });
    const first = caller({ signal: interruption.signal });
    const second = caller();
    await platform.clock.advance(1000);
    interruption.abort(new CredentialError("CANCELLED", "interrupted"));
    await platform.clock.advance(2000);
    await expect(first.done).rejects.toMatchObject({ code: "CANCELLED" });
    await second.done;
    expect(state.attempts).toBe(2);
  });

  it("already signed in by the time its turn comes: nothing is shown", async () => {
    const { state, caller } = house(async () => {});
    state.signedIn = true;
    const late = caller();
    await late.done;
    expect(late.shown).toEqual([]);
    expect(state.attempts).toBe(0);
  });

  it("already signed in, but a new session is forced: signs in", async () => {
    const { state, caller } = house(async () => {});
    state.signedIn = true;
    await caller({ force: true }).done;
    expect(state.attempts).toBe(1);
  });
});
