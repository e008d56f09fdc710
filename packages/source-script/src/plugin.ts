import { defineCredentialSource, type CredentialSourcePlugin } from "@keyspring/core";
import { scriptOptions, type ScriptOptions } from "./options.ts";
import { provide } from "./provide.ts";
import { createRunner } from "./runner.ts";
import { signIn } from "./sign-in.ts";

/** Credentials from an organization's own command, whatever it prints them as. */
export const scriptPlugin: CredentialSourcePlugin<ScriptOptions> = defineCredentialSource({
  apiVersion: 1,
  id: "script",
  options: scriptOptions,
  create(options, context) {
    const runner = createRunner(options, context);
    return {
      provide: (request) => provide(options, context, runner, request),
      ...(options.sign_in_command !== undefined && {
        signIn: (request, interaction) => signIn(options, context, runner, request, interaction),
      }),
    };
  },
});
