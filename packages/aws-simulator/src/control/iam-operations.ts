import { newMfaSeed, newUniqueId, randomText } from "../state/secrets.ts";
import { issueLongTermKey, type IamUser, type Principal } from "../state/iam.ts";
import type { World } from "../state/world.ts";
import { mfaCode } from "../sts/mfa.ts";
import { issuerUrl, issueWebIdentityToken } from "../sts/web-identity.ts";
import { ControlError } from "./error.ts";
import type { IamControl } from "./iam-types.ts";
import type { HandlersOf } from "./types.ts";

/** Identities beside Identity Center: IAM users and roles, API keys, and what machines and containers offer. */
export function iamHandlers(world: World): HandlersOf<IamControl> {
  return {
    createIamUser({ accountId, userName, denied = [], mfa = false }) {
      if (world.iam.users.some((user) => user.accountId === accountId && user.userName === userName)) {
        throw new ControlError(`account ${accountId} has a user ${userName} already`);
      }
      const serialNumber = `arn:aws:iam::${accountId}:mfa/${userName}`;
      const seed = mfa ? world.secrets.issue("mfa-seed", newMfaSeed()) : undefined;
      const user: IamUser = {
        accountId,
        userName,
        denied,
        ...(seed === undefined ? {} : { mfa: { serialNumber, seed, lastCode: undefined } }),
      };
      world.iam.users.push(user);
      const principal = userPrincipal(accountId, userName, denied);
      const { accessKeyId, secretAccessKey } = issueLongTermKey(world, principal);
      return { arn: principal.arn, accessKeyId, secretAccessKey, ...(mfa ? { mfaSerialNumber: serialNumber } : {}) };
    },
    createIamRole({ accountId, roleName, trusted, externalId, requireMfa, webIdentityAudience, maxSessionDuration, denied }) {
      const arn = `arn:aws:iam::${accountId}:role/${roleName}`;
      if (world.iam.roles.some((role) => role.accountId === accountId && role.roleName === roleName)) {
        throw new ControlError(`there is a role ${arn} already`);
      }
      world.iam.roles.push({
        accountId,
        roleName,
        uniqueId: newUniqueId("AROA"),
        trusted: trusted ?? [accountId],
        ...(externalId === undefined ? {} : { externalId }),
        requireMfa: requireMfa ?? false,
        ...(webIdentityAudience === undefined ? {} : { webIdentityAudience }),
        maxSessionDuration: maxSessionDuration ?? 3600,
        denied: denied ?? [],
      });
      return { arn };
    },
    mfaCode({ serialNumber }) {
      const device = world.iam.users.find((user) => user.mfa?.serialNumber === serialNumber)?.mfa;
      if (device === undefined) throw new ControlError(`there is no MFA device ${serialNumber}`);
      return { code: mfaCode(device.seed, world.clock.wall()) };
    },
    async createWebIdentityToken({ subject, audience, lifetime = 3_600_000 }) {
      return { token: await issueWebIdentityToken(world, subject, audience, lifetime), issuer: issuerUrl(world) };
    },
    createBedrockApiKey({ accountId, userName, denied = [] }) {
      const token = world.secrets.issue("bearer-token", `ABSK${randomText(90)}`);
      world.iam.bearerTokens.set(token, userPrincipal(accountId, userName, denied));
      return { token };
    },
    offerCredentials({ by, accountId, roleName, lifetime = 3_600_000, denied = [] }) {
      const offer = {
        origin: by,
        roleName,
        lifetime,
        principal: {
          accountId,
          arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${by === "instance" ? "i-0123456789abcdef0" : "task"}`,
          userId: `${newUniqueId("AROA")}:${by}`,
          denied,
        },
        current: undefined,
      };
      if (by === "instance") {
        world.metadata.instance = offer;
        return { environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${world.url}/` } };
      }
      const authorization = world.secrets.issue("bearer-token", `Bearer ${randomText(30)}`);
      world.metadata.container = { ...offer, authorization };
      return {
        environment: {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: `${world.url}/container-credentials`,
          AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization,
        },
      };
    },
  };
}

function userPrincipal(accountId: string, userName: string, denied: readonly string[]): Principal {
  return { accountId, arn: `arn:aws:iam::${accountId}:user/${userName}`, userId: newUniqueId("AIDA"), denied };
}
