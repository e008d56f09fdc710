import type { House } from "./house.ts";
import { NODE } from "./house.ts";

/** A profile that is signed in, and the role that shows in the simulator's log when its credentials are used. */
export interface Ready {
  readonly profile: string;
  readonly role: string;
}

/** One organization for each source, all in the same simulated AWS. */
export function threeOrganizations(house: House): Record<"sso" | "script" | "process", () => Promise<Ready>> {
  const { simulator } = house;
  return {
    async sso() {
      await simulator.control.configure({ autoApprove: true });
      await house.keyspring("login", "--profile", "acme");
      await simulator.control.configure({ autoApprove: null });
      return { profile: "acme", role: "BedrockUser" };
    },
    async script() {
      const program = grant(house, "ReadOnly");
      const own = `\n[profiles.globex]\nsource = "script"\n[profiles.globex.options]\ncommand = ["${program}"]\n`;
      house.write(".config/keyspring/config.toml", house.read(".config/keyspring/config.toml") + own);
      return { profile: "globex", role: "ReadOnly" };
    },
    async process() {
      const program = grant(house, "ReadOnly");
      house.write(".aws/config", `[profile initech]\nregion = us-east-1\ncredential_process = ${program}\n`);
      return { profile: "initech", role: "ReadOnly" };
    },
  };
}

/** An organization's own program: prints what AWS gives for a role, in the shape of `credential_process`. */
export function grant(house: House, roleName: string): string {
  const { url, controlToken } = house.simulator;
  return house.write(
    "opt/grant",
    `#!${NODE}
(async () => {
  const answer = await fetch("${url}/_control/roleCredentials", {
    method: "POST",
    headers: { authorization: "Bearer ${controlToken}", "content-type": "application/json" },
    body: ${JSON.stringify(JSON.stringify({ accountId: "123456789012", roleName }))},
  });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = (await answer.json()).result;
  const keys = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken };
  console.log(JSON.stringify({ Version: 1, ...keys, Expiration: expiration }));
})();
`,
    0o700,
  );
}
