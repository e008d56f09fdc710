import { silentLog, type CredentialRequest, type CredentialSource, type Interaction, type SignInPrompt } from "@keyspring/core";
import { fakeNotes, fakePlatform, type FakePlatform, type FakePlatformOptions } from "@keyspring/core/testing";
import * as v from "valibot";
import { formatAwsTime } from "../aws-time.ts";
import { ssoOptionsSchema, type SsoOptions } from "../options.ts";
import { ssoPlugin } from "../plugin.ts";
import { sessionOf, type SsoSession } from "../session.ts";
import { scriptedIdentityCenter, type ScriptedIdentityCenter } from "./scripted-identity-center.ts";

export interface Bench {
  readonly platform: FakePlatform;
  readonly center: ScriptedIdentityCenter;
  readonly notes: ReturnType<typeof fakeNotes>;
  readonly options: SsoOptions;
  readonly session: SsoSession;
  readonly source: Required<Pick<CredentialSource, "provide" | "signIn" | "signOut">> & CredentialSource;
  /** Puts a token into the cache. Times in minutes from now. */
  readonly putToken: (fields?: {
    n?: number;
    minutes?: number;
    registrationMinutes?: number;
    [field: string]: unknown;
  }) => void;
  readonly tokenFile: () => Record<string, unknown> | undefined;
}

export const MINUTE = 60_000;

/** One profile on a machine in memory, with a scripted Identity Center. */
export function bench(options: Record<string, unknown> = {}, machine: FakePlatformOptions = {}): Bench {
  const center = scriptedIdentityCenter();
  const platform = fakePlatform({ answer: (asked) => center.answer(asked), ...machine });
  const notes = fakeNotes();
  const checked = v.parse(ssoOptionsSchema, {
    start_url: "https://acme.awsapps.com/start",
    region: "eu-west-1",
    account_id: "123456789012",
    role_name: "BedrockUser",
    session: "acme",
    ...options,
  });
  const session = sessionOf(checked, platform);
  const source = ssoPlugin.create(checked, { profile: "acme-dev", platform, notes, log: silentLog, chain: [] });
  return {
    platform,
    center,
    notes,
    options: checked,
    session,
    source: source as Bench["source"],
    putToken({ n = 1, minutes = 60, registrationMinutes = 60_000, ...fields } = {}) {
      const now = platform.clock.now();
      const token = {
        startUrl: checked.start_url,
        region: checked.region,
        accessToken: `access-token-${n}`,
        expiresAt: formatAwsTime(now + minutes * MINUTE),
        clientId: "client-1",
        clientSecret: "client-secret-1",
        registrationExpiresAt: formatAwsTime(now + registrationMinutes * MINUTE),
        refreshToken: `refresh-token-${n}`,
        ...fields,
      };
      platform.files.put(session.tokenFile, JSON.stringify(token));
    },
    tokenFile() {
      const text = platform.files.texts()[session.tokenFile];
      return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
    },
  };
}

export function request(fields: Partial<CredentialRequest> = {}): CredentialRequest {
  return { profile: "acme-dev", reason: "absent", signal: new AbortController().signal, ...fields };
}

export interface FakePerson extends Interaction {
  readonly prompts: SignInPrompt[];
  readonly lines: string[];
  readonly opened: string[];
}

export function fakePerson(options: { terminal?: boolean; browser?: boolean } = {}): FakePerson {
  const prompts: SignInPrompt[] = [];
  const lines: string[] = [];
  const opened: string[] = [];
  return {
    prompts,
    lines,
    opened,
    terminal: options.terminal ?? false,
    show: async (prompt) => void prompts.push(prompt),
    say: (line) => void lines.push(line),
    async openBrowser(url) {
      if (options.browser === false) return false;
      opened.push(url);
      return true;
    },
  };
}

// Loaded before fake time runs: loading takes real turns.
await Promise.all([import("@aws-sdk/client-sso"), import("@aws-sdk/client-sso-oidc"), import("@aws-sdk/core/client")]);

/** Ends fake time's waits until `work` has settled; real turns in between let the AWS clients load and run. */
export async function passing<T>(platform: FakePlatform, work: Promise<T>, step = 1000): Promise<T> {
  let settled = false;
  const mark = (): void => void (settled = true);
  work.then(mark, mark);
  for (;;) {
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (settled) break;
    await platform.clock.advance(step);
  }
  return work;
}
