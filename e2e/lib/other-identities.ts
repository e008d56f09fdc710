import type { House } from "./house.ts";

/** Valid credentials of somebody else within reach of every AWS client of this house. */
export interface OtherIdentity {
  /** Variables that lead to it, to be merged over an environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What shows in the simulator's log if they are used. */
  readonly principal: string;
}

const ACCOUNT = "999999999999";
const NAME = "SomebodyElse";

/** The ways in which a machine has an identity of its own. Each puts one there. */
export const OTHER_IDENTITIES: Readonly<Record<string, (house: House) => Promise<OtherIdentity>>> = {
  async "[default] profile"(house) {
    const { arn, accessKeyId, secretAccessKey } = await user(house);
    house.write(
      ".aws/credentials",
      `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    return { env: {}, principal: arn };
  },
  async environment(house) {
    const { arn, accessKeyId, secretAccessKey } = await user(house);
    return { env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }, principal: arn };
  },
  "instance metadata": (house) => offered(house, "instance"),
  "container endpoint": (house) => offered(house, "container"),
};

function user({ simulator }: House) {
  return simulator.control.createIamUser({ accountId: ACCOUNT, userName: NAME });
}

async function offered({ simulator }: House, by: "instance" | "container"): Promise<OtherIdentity> {
  const { environment } = await simulator.control.offerCredentials({ by, accountId: ACCOUNT, roleName: NAME });
  return {
    env: { AWS_EC2_METADATA_DISABLED: "false", ...environment },
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${NAME}`,
  };
}
