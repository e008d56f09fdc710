import { defineCredentialSource, type CredentialSourcePlugin } from "@keyspring/core";
import { deviceSignIn } from "./device-sign-in.ts";
import { ssoOptionsSchema, type SsoOptions } from "./options.ts";
import type { SsoParts } from "./parts.ts";
import { provideRole } from "./role-credentials.ts";
import { sessionOf } from "./session.ts";
import { sessionState } from "./session-state.ts";
import { signOut } from "./sign-out.ts";

/** IAM Identity Center: a sign-in shared with the AWS CLI, and the credentials of one role in one account. */
export const ssoPlugin: CredentialSourcePlugin<SsoOptions> = defineCredentialSource({
  apiVersion: 1,
  id: "sso",
  options: ssoOptionsSchema,
  create(options, { platform, notes, log }) {
    const session = sessionOf(options, platform);
    const parts: SsoParts = { platform, session, notes, log };
    return {
      signInScope: session.id,
      provide: (request) => provideRole(parts, options, request),
      signIn: (request, interaction) => deviceSignIn(parts, request, interaction),
      signOut: (request) => signOut(parts, request),
      session: () => sessionState(options, platform),
    };
  },
});
