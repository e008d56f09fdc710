/** An Identity Center instance: what a company has. */
export interface Organization {
  /** As users write it in `sso_start_url`; compared without a trailing `/`, `#` or `#/`. */
  readonly startUrl: string;
  readonly region: string;
  readonly name: string;
  readonly accounts: readonly Account[];
  readonly users: readonly User[];
}

export interface Account {
  /** 12 digits. */
  readonly accountId: string;
  readonly accountName: string;
  readonly emailAddress: string;
  readonly roles: readonly PermissionSet[];
}

export interface PermissionSet {
  readonly roleName: string;
  /** IAM actions that its credentials may not use, e.g. `bedrock:*` or `bedrock:InvokeModel*`; none when absent. */
  readonly denied?: readonly string[];
}

export interface User {
  readonly userName: string;
  /** Which roles in which accounts; all of them when absent. */
  readonly assignments?: readonly Assignment[];
}

export interface Assignment {
  readonly accountId: string;
  readonly roleName: string;
}

/** What is enough to describe one: the rest is made up. */
export interface OrganizationInput {
  readonly startUrl: string;
  readonly region?: string;
  readonly name?: string;
  readonly accounts?: readonly AccountInput[];
  readonly users?: readonly (string | User)[];
}

export interface AccountInput {
  readonly accountId: string;
  readonly accountName?: string;
  readonly emailAddress?: string;
  readonly roles?: readonly (string | PermissionSet)[];
}

/** What exists when the starter names no organization. */
export const DEFAULT_ORGANIZATION: OrganizationInput = {
  startUrl: "https://acme.awsapps.com/start",
  region: "eu-west-1",
  name: "Acme",
  accounts: [
    { accountId: "123456789012", accountName: "Acme Development", roles: ["BedrockUser", "ReadOnly"] },
    { accountId: "210987654321", accountName: "Acme Production", roles: ["ReadOnly"] },
  ],
  users: ["alice", "bob"],
};

export function completeOrganization(input: OrganizationInput): Organization {
  return {
    startUrl: input.startUrl,
    region: input.region ?? "us-east-1",
    name: input.name ?? (new URL(input.startUrl).hostname.split(".")[0] || "organization"),
    accounts: (input.accounts ?? [{ accountId: "123456789012", roles: ["BedrockUser"] }]).map((account) => ({
      accountId: account.accountId,
      accountName: account.accountName ?? `Account ${account.accountId}`,
      emailAddress: account.emailAddress ?? `aws+${account.accountId}@example.com`,
      roles: (account.roles ?? ["BedrockUser"]).map((role) => (typeof role === "string" ? { roleName: role } : role)),
    })),
    users: (input.users ?? ["alice"]).map((user) => (typeof user === "string" ? { userName: user } : user)),
  };
}

export function sameStartUrl(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(url: string): string {
  return url.replace(/\/?#?\/?$/, "");
}

/** The roles that a user may have, in the order of the organization's accounts. */
export function assignmentsOf(organization: Organization, userName: string): readonly Assignment[] {
  const user = organization.users.find((one) => one.userName === userName);
  if (user === undefined) return [];
  const all = organization.accounts.flatMap(({ accountId, roles }) => roles.map(({ roleName }) => ({ accountId, roleName })));
  const { assignments } = user;
  if (assignments === undefined) return all;
  return all.filter((one) => assignments.some((given) => given.accountId === one.accountId && given.roleName === one.roleName));
}
