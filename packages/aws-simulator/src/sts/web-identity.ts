import { exportJWK, generateKeyPair, jwtVerify, SignJWT, errors, type CryptoKey, type JWK } from "jose";
import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import type { World } from "../state/world.ts";
import { assumed, notAuthorized, roleAt } from "./assume-role.ts";
import { durationSeconds, requiredText } from "./parameters.ts";

/** The simulator's own OpenID provider, such as a CI system or a Kubernetes cluster has. */
export interface WebIdentityIssuer {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

const ALGORITHM = "RS256";

export async function createWebIdentityIssuer(): Promise<WebIdentityIssuer> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  return { privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), alg: ALGORITHM, use: "sig", kid: "simulator" } };
}

export function issuerUrl(world: World): string {
  return `${world.url}/web-identity`;
}

/** @param lifetime milliseconds; negative for a token that is dead already */
export async function issueWebIdentityToken(
  world: World,
  subject: string,
  audience: string,
  lifetime: number,
): Promise<string> {
  const now = Math.floor(world.clock.wall() / 1000);
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, kid: "simulator", typ: "JWT" })
    .setIssuer(issuerUrl(world))
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(Math.min(now, now + Math.floor(lifetime / 1000)))
    .setExpirationTime(now + Math.floor(lifetime / 1000))
    .sign((await world.webIdentity()).privateKey);
  return world.secrets.issue("web-identity-token", token);
}

/** Unsigned: the token is the proof. */
export async function assumeRoleWithWebIdentity(call: Call, parameters: URLSearchParams): Promise<Response> {
  const { world } = call;
  const roleArn = requiredText(parameters, "RoleArn", { shortest: 20, longest: 2048 });
  const sessionName = requiredText(parameters, "RoleSessionName", { shortest: 2, longest: 64, pattern: /^[\w+=,.@-]*$/ });
  const token = requiredText(parameters, "WebIdentityToken", { shortest: 4, longest: 20_000 });
  const seconds = durationSeconds(parameters, 3600, 43_200);
  const { subject, audiences } = await verify(world, token);
  const role = roleAt(world, roleArn);
  if (role?.webIdentityAudience === undefined) throw notAuthorized("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  if (!audiences.includes(role.webIdentityAudience)) {
    throw new ServiceError(400, "InvalidIdentityToken", "Incorrect token audience");
  }
  call.entry.principal = subject;
  return assumed("AssumeRoleWithWebIdentity", call, role, sessionName, seconds, "web-identity", {
    SubjectFromWebIdentityToken: subject,
    Audience: role.webIdentityAudience,
    Provider: `arn:aws:iam::${role.accountId}:oidc-provider/${issuerUrl(world).replace(/^\w+:\/\//, "")}`,
  });
}

async function verify(world: World, token: string): Promise<{ subject: string; audiences: readonly string[] }> {
  const { publicKey } = await world.webIdentity();
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [ALGORITHM],
      issuer: issuerUrl(world),
      currentDate: new Date(world.clock.wall()),
      requiredClaims: ["sub", "aud", "exp", "iat"],
    });
    const { sub = "", aud = [] } = payload;
    return { subject: sub, audiences: typeof aud === "string" ? [aud] : aud };
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new ServiceError(
        400,
        "ExpiredTokenException",
        "Token expired: current date/time must be before the expiration date/time",
      );
    }
    throw new ServiceError(
      400,
      "InvalidIdentityToken",
      "The ID Token provided is not a valid JWT, or its signature or issuer is not the provider's",
    );
  }
}
