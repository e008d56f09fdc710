import * as v from "valibot";
import { ControlError } from "./error.ts";
import type { Revocation } from "../state/iam.ts";
import type { ServiceId } from "../state/request-log.ts";
import type { ControlInput, SimulatorControl } from "./types.ts";

const SERVICES: readonly ServiceId[] = [
  "sso-oidc",
  "sso",
  "sign-in",
  "sts",
  "bedrock",
  "bedrock-runtime",
  "imds",
  "container",
  "web-identity",
];
const REVOCATIONS: readonly Revocation[] = ["access-denied", "expired", "unrecognized"];

const text = v.pipe(v.string(), v.nonEmpty());
const optionalText = v.exactOptional(text);
const milliseconds = v.pipe(v.number(), v.finite());
const duration = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const accountId = v.pipe(v.string(), v.regex(/^\d{12}$/, "an account id has 12 digits"));
const service = v.picklist(SERVICES);

const actions = v.exactOptional(v.array(text));

const role = v.strictObject({ roleName: text, denied: actions });
const assignment = v.strictObject({ accountId, roleName: text });
const account = v.strictObject({
  accountId,
  accountName: optionalText,
  emailAddress: optionalText,
  roles: v.exactOptional(v.array(v.union([text, role]))),
});
const user = v.strictObject({ userName: text, assignments: v.exactOptional(v.array(assignment)) });
const filter = {
  service: v.exactOptional(service),
  operation: optionalText,
  outcome: optionalText,
  accessKeyId: optionalText,
  after: v.exactOptional(v.number()),
};
const nothing = v.strictObject({});
const nullable = v.exactOptional(v.nullable(duration));
const effect = v.variant("kind", [
  v.strictObject({ kind: v.literal("latency"), milliseconds: duration }),
  v.strictObject({
    kind: v.literal("status"),
    status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
    error: optionalText,
    message: optionalText,
    retryAfter: v.exactOptional(duration),
  }),
  v.strictObject({ kind: v.literal("drop") }),
  v.strictObject({ kind: v.literal("garbage"), body: v.exactOptional(v.string()), contentType: optionalText }),
  v.strictObject({ kind: v.literal("stream-exception"), exception: text, message: optionalText }),
  v.strictObject({ kind: v.literal("stream-drop") }),
]);

/** What each operation takes; a misspelt field is an error, not a silent nothing. */
export const CONTROL_SCHEMAS: { readonly [Name in keyof SimulatorControl]: v.GenericSchema<unknown, ControlInput<Name>> } = {
  createOrganization: v.strictObject({
    startUrl: v.pipe(v.string(), v.url()),
    region: optionalText,
    name: optionalText,
    accounts: v.exactOptional(v.array(account)),
    users: v.exactOptional(v.array(v.union([text, user]))),
  }),
  configure: v.strictObject({
    roleLifetime: v.exactOptional(duration),
    enforcedRoleLifetime: nullable,
    accessTokenLifetime: v.exactOptional(duration),
    sessionLifetime: v.exactOptional(duration),
    deviceCodeLifetime: v.exactOptional(duration),
    pollInterval: v.exactOptional(duration),
    clientSecretLifetime: v.exactOptional(duration),
    refreshTokenGrace: v.exactOptional(duration),
    autoApprove: v.exactOptional(
      v.nullable(v.union([v.boolean(), v.strictObject({ userName: optionalText, delay: v.exactOptional(duration) })])),
    ),
  }),
  reset: nothing,
  state: nothing,
  secrets: nothing,
  requests: v.strictObject(filter),
  counts: nothing,
  clearRequests: nothing,
  waitFor: v.strictObject({ ...filter, count: v.exactOptional(count), timeout: v.exactOptional(duration) }),
  signIn: v.strictObject({ startUrl: optionalText, userName: optionalText }),
  roleCredentials: v.strictObject({
    startUrl: optionalText,
    userName: optionalText,
    accountId: v.exactOptional(accountId),
    roleName: optionalText,
  }),
  approve: v.strictObject({ userCode: text, userName: optionalText }),
  deny: v.strictObject({ userCode: text }),
  endSessions: v.strictObject({ startUrl: optionalText, userName: optionalText }),
  revokeRoleCredentials: v.strictObject({
    accessKeyId: optionalText,
    accountId: v.exactOptional(accountId),
    roleName: optionalText,
    userName: optionalText,
    as: v.exactOptional(v.picklist(REVOCATIONS)),
  }),
  setClockSkew: v.strictObject({ milliseconds }),
  advanceClock: v.strictObject({ milliseconds }),
  addFault: v.strictObject({
    service: v.exactOptional(service),
    operation: optionalText,
    count: v.exactOptional(count),
    effect,
  }),
  clearFaults: v.strictObject({ id: v.exactOptional(v.number()) }),
  createIamUser: v.strictObject({ accountId, userName: text, denied: actions, mfa: v.exactOptional(v.boolean()) }),
  createIamRole: v.strictObject({
    accountId,
    roleName: text,
    trusted: v.exactOptional(v.array(text)),
    externalId: optionalText,
    requireMfa: v.exactOptional(v.boolean()),
    webIdentityAudience: optionalText,
    maxSessionDuration: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(3600), v.maxValue(43_200))),
    denied: actions,
  }),
  mfaCode: v.strictObject({ serialNumber: text }),
  createWebIdentityToken: v.strictObject({ subject: text, audience: text, lifetime: v.exactOptional(milliseconds) }),
  createBedrockApiKey: v.strictObject({ accountId, userName: text, denied: actions }),
  offerCredentials: v.strictObject({
    by: v.picklist(["instance", "container"]),
    accountId,
    roleName: text,
    lifetime: v.exactOptional(duration),
    denied: actions,
  }),
  setRateLimits: v.strictObject({
    limits: v.array(
      v.strictObject({
        service,
        operation: optionalText,
        perSecond: v.pipe(v.number(), v.minValue(0)),
        burst: v.pipe(v.number(), v.minValue(0)),
      }),
    ),
  }),
};

/** @throws ControlError naming the first field that is wrong */
export function checked<Name extends keyof SimulatorControl>(name: Name, input: unknown): ControlInput<Name> {
  const result = v.safeParse(CONTROL_SCHEMAS[name], input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ControlError(`${v.getDotPath(issue) ?? "input"}: ${issue.message}`);
}
