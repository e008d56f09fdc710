/** Where Claude Code reads settings from files, strongest last. */
export type SettingsScope = "user" | "project" | "local" | "managed";

/** What Keyspring wants in one settings file. Absent members are left, or taken out again if an earlier apply put them there. */
export interface DesiredSettings {
  readonly awsCredentialExport?: string;
  readonly awsAuthRefresh?: string;
  /** Merged variable by variable next to what is there. Names are `[A-Z_][A-Z0-9_]*`, values are never empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added next to other people's hooks of the same event, and taken out exactly. */
  readonly hooks?: readonly DesiredHook[];
}

/** One command hook of Claude Code, e.g. `{ event: "UserPromptSubmit", command: "…", timeout: 10 }`. */
export interface DesiredHook {
  readonly event: string;
  readonly matcher?: string;
  readonly command: string;
  /** Seconds. */
  readonly timeout?: number;
}

/** Which file is meant. `cwd` is the folder Claude Code is started in; default: the platform's. */
export interface SettingsTarget {
  readonly scope: SettingsScope;
  readonly cwd?: string;
}

export interface SettingsLocation {
  readonly scope: SettingsScope;
  readonly path: string;
  /** Top of the git working tree that `cwd` is in, if it is in one (project and local scope). */
  readonly gitRoot: string | undefined;
}

/** A finding for people: what is so, why it matters, what to type. Never a secret. */
export interface Finding {
  readonly severity: "error" | "warning" | "info";
  /** Stable name for programs and tests, e.g. `shadowed`, `not-executable`. */
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  /** True if wrapping the command as a script profile (`--wrap`) takes the finding away. */
  readonly wrapCures?: boolean;
}

export interface SettingsChange {
  /** `awsCredentialExport`, `awsAuthRefresh`, `env.NAME`, `hooks.EVENT`. */
  readonly key: string;
  readonly kind: "added" | "changed" | "unchanged" | "removed";
  /** Printable, secrets masked. */
  readonly from?: string;
  readonly to?: string;
}

/** How one command line would fare under Claude Code. */
export interface CommandVerdict {
  readonly verdict: "works" | "needs-wrap" | "refused";
  readonly findings: readonly Finding[];
  /** The program that would run, absolute, if it was found. */
  readonly program?: string;
  /** Export only: what it printed, in words (`"STS JSON"`, `"shell assignments"`), and until when that is good. */
  readonly shape?: string;
  readonly expiration?: Date;
}

export interface StableCommand {
  /** For Claude Code's settings: quoted for the platform's shell. */
  readonly line: string;
  readonly argv: readonly string[];
  readonly findings: readonly Finding[];
}
