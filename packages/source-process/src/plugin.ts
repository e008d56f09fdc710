import { defineCredentialSource, type CredentialSourcePlugin } from "@keyspring/core";
import { howToRun, type Plan } from "./how-to-run.ts";
import { processOptions, type ProcessOptions } from "./options.ts";
import { nameOf, provide } from "./provide.ts";

/** Credentials from a `credential_process`: that of an AWS profile, or one of Keyspring's own options. */
export const processPlugin: CredentialSourcePlugin<ProcessOptions> = defineCredentialSource({
  apiVersion: 1,
  id: "process",
  options: processOptions,
  create(options, context) {
    let plan: Plan | undefined;
    return {
      async provide(request) {
        if (plan === undefined) {
          const where =
            options.aws_profile === undefined
              ? `command of profile ${context.profile}`
              : `credential_process of AWS profile ${options.aws_profile}`;
          plan = howToRun(options.command, context.platform.os, where);
          if (plan.disputed.length > 0)
            context.log.warn(
              `${nameOf(options, plan)} is run by a shell, as the JavaScript SDK (and so Claude Code) does; ` +
                `the AWS CLI and boto3 use none and would take this literally: ${plan.disputed.join("  ")}`,
            );
        }
        return provide(options, context, plan, request);
      },
    };
  },
});
