/**
 * The contract of everything that yields AWS credentials. A complete source:
 *
 * ```ts
 * import { defineCredentialSource, sourceFailed } from "@keyspring/core";
 * import * as v from "valibot";
 *
 * export default defineCredentialSource({
 *   apiVersion: 1,
 *   id: "vault",
 *   options: v.object({ url: v.string() }),
 *   create: ({ url }, { platform }) => ({
 *     async provide({ signal }) {
 *       const answer = await platform.http.request({ method: "GET", url, signal });
 *       if (answer.status !== 200) throw sourceFailed(`the vault answered ${answer.status}`);
 *       const { key, secret, token, ends } = JSON.parse(answer.body);
 *       return { accessKeyId: key, secretAccessKey: secret, sessionToken: token, expiration: new Date(ends) };
 *     },
 *   }),
 * });
 * ```
 */
import type { AwsCredentialIdentity } from "./identity.ts";
import type { Log } from "./log.ts";
import type { Platform } from "./platform.ts";
import type { StandardSchemaV1 } from "./standard-schema.ts";

/** A package's way in: named in configuration, asked to create one source per profile. */
export interface CredentialSourcePlugin<Options = unknown> {
  readonly apiVersion: 1;
  /** What `source = "…"` says in config.toml: a built-in id, or the exact name of the package. */
  readonly id: string;
  /** Any schema library that speaks Standard Schema. Unknown keys should be errors. */
  readonly options: StandardSchemaV1<unknown, Options>;
  create(options: Options, context: SourceContext): CredentialSource;
}

export interface CredentialSource {
  /**
   * Fresh credentials without a human. Never caches, never prompts, honours `signal`, may run concurrently.
   * Rejects with `SIGN_IN_REQUIRED` when only `signIn` can help.
   */
  provide(request: CredentialRequest): Promise<AwsCredentialIdentity>;
  /** Present only if a human can help. Ends with `provide` able to succeed. May be ended and begun again elsewhere. */
  signIn?(request: CredentialRequest, interaction: Interaction): Promise<void>;
  /** Ends what `signIn` began, here and at the identity provider. */
  signOut?(request: CredentialRequest): Promise<void>;
  dispose?(): Promise<void>;
  /** What is known of the session behind the credentials: no network, no human, no secret. Shown by `status`. */
  session?(): Promise<SessionState | undefined>;
  /**
   * Sources whose sign-ins are the same one (two roles of one Identity Center session) name it alike.
   * Absent: the sign-in belongs to this profile alone.
   */
  readonly signInScope?: string;
}

export interface SessionState {
  /** `renewable`: its token has ended, but can be renewed without a human. */
  readonly state: "active" | "renewable" | "ended";
  readonly expiration?: Date;
}

export interface CredentialRequest {
  /** The profile's name, for messages. */
  readonly profile: string;
  /** `rejected`: AWS refused what was handed out last, so nothing remembered may be answered. */
  readonly reason: "absent" | "expiring" | "rejected";
  readonly signal: AbortSignal;
  /** `login --force`: begin a new session at the identity provider even if the old one still lives. */
  readonly force?: boolean;
}

/** The people's side of a sign-in. Only `signIn` gets one, so `provide` cannot prompt by mistake. */
export interface Interaction {
  /** Shows where to sign in; called again if the address or code changes. Never a secret. */
  show(prompt: SignInPrompt): Promise<void>;
  /** One short line of progress. */
  say(line: string): void;
  /** Opens the person's browser where there is one; `false` if it could not be opened or must not be. */
  openBrowser(url: string): Promise<boolean>;
  /** True if a person sits at this process's own terminal, so that a child may inherit it. */
  readonly terminal: boolean;
}

export interface SignInPrompt {
  /** What to open. */
  readonly url: string;
  /** The same with the code filled in. */
  readonly urlComplete?: string;
  /** The code that the page asks for, or shows to compare. */
  readonly code?: string;
  readonly expiration?: Date;
}

export interface SourceContext {
  readonly profile: string;
  readonly platform: Platform;
  readonly log: Log;
  /** Durable facts of this source, kept 0600 in the state folder; shared by profiles of one `signInScope`, else of one organization. */
  readonly notes: Notes;
  /** Profiles being resolved, outermost first: what a child process must be told so that no cycle goes unnoticed. */
  readonly chain: readonly string[];
}

export interface Notes {
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Types the plugin's options for its author; does nothing else. */
export function defineCredentialSource<Options>(plugin: CredentialSourcePlugin<Options>): CredentialSourcePlugin<Options> {
  return plugin;
}
