import * as v from "valibot";

const region = v.pipe(v.string(), v.regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, "no AWS region, e.g. eu-west-1"));

const startUrl = v.pipe(
  v.string(),
  v.check((text) => /^https?:\/\/[^\s/]/.test(text) && URL.canParse(text), "no URL, e.g. https://acme.awsapps.com/start"),
);

const accountId = v.pipe(
  v.string("an account number is written in quotes, so that no leading zero is lost"),
  v.regex(/^\d{12}$/, "an account number has 12 digits"),
);

const roleName = v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,64}$/, "no name of a permission set"));

/** A list, or as `sso_registration_scopes` writes it: separated by commas. The order counts: it is part of the registration's key. */
const scopes = v.pipe(
  v.union([v.array(v.string()), v.string()], "a list of scopes, e.g. sso:account:access"),
  v.transform((value) => (typeof value === "string" ? value.split(",") : value).map((scope) => scope.trim())),
  v.array(v.pipe(v.string(), v.nonEmpty("a scope is empty"))),
  v.minLength(1, "no scope is named"),
);

const optionsSchema = v.strictObject({
  start_url: startUrl,
  region,
  account_id: v.optional(accountId),
  role_name: v.optional(roleName),
  session: v.optional(v.pipe(v.string(), v.nonEmpty("the name is empty"))),
  scopes: v.optional(scopes, ["sso:account:access"]),
  client_name: v.optional(v.pipe(v.string(), v.nonEmpty("the name is empty"), v.maxLength(100))),
});

/** What `organizations.<name>.options` and `profiles.<name>.options` may say for `source = "sso"`. */
export interface SsoOptions {
  /** The access portal, `https://….awsapps.com/start`. Exactly as in `~/.aws/config`: its letters name the token cache file. */
  readonly start_url: string;
  /** Region of the Identity Center, which need not be the one of the workload. */
  readonly region: string;
  /** 12 digits. Needed to obtain credentials, not to sign in. */
  readonly account_id?: string | undefined;
  /** Name of the permission set. Needed to obtain credentials, not to sign in. */
  readonly role_name?: string | undefined;
  /** Name of the `[sso-session …]`: its sign-in is then shared with `aws sso login`. Absent: the legacy configuration without one. */
  readonly session?: string | undefined;
  readonly scopes: readonly string[];
  /** What the page of Identity Center says is asking; default `keyspring`. */
  readonly client_name?: string | undefined;
}

export const ssoOptionsSchema: v.GenericSchema<unknown, SsoOptions> = optionsSchema;

/** Every key there is, for "did you mean". */
export const SSO_OPTION_KEYS: readonly string[] = Object.keys(optionsSchema.entries);
