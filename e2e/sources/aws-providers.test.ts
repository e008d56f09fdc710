import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { AwsCredentialIdentityProvider } from "@smithy/types";
import { expect, it } from "vitest";
import {
  createResolver,
  defineCredentialSource,
  silentLog,
  type AwsCredentialIdentity,
  type CredentialSourcePlugin,
  type StoredCredentials,
} from "@keyspring/core";
import { fakeNotes } from "@keyspring/core/testing";
import { nodePlatform } from "@keyspring/host";
import { house } from "../lib/house.ts";

/** Options that accept anything: what matters here is `create`. */
const anything = { "~standard": { version: 1 as const, vendor: "test", validate: (value: unknown) => ({ value }) } };

/** A provider of `@aws-sdk/credential-providers` as a source, in a line. */
const sourceFrom = (provider: AwsCredentialIdentityProvider): CredentialSourcePlugin =>
  defineCredentialSource({ apiVersion: 1, id: "aws", options: anything, create: () => ({ provide: async () => provider() }) });

it("a provider of the AWS SDK: is a source in a line, and what comes out is a provider again", async () => {
  const { simulator, path } = await house();
  const user = await simulator.control.createIamUser({ accountId: "123456789012", userName: "carol" });
  const role = await simulator.control.createIamRole({ accountId: "123456789012", roleName: "Chained" });
  const clientConfig = { region: "us-east-1", endpoint: simulator.url };
  const plugin = sourceFrom(fromTemporaryCredentials({ masterCredentials: user, params: { RoleArn: role.arn }, clientConfig }));

  const platform = nodePlatform();
  const entries = new Map<string, StoredCredentials>();
  const resolver = createResolver({
    platform,
    log: silentLog,
    store: {
      read: async (key) => entries.get(key),
      write: async (key, entry) => void entries.set(key, entry),
      remove: async () => {},
    },
    ledger: { last: async () => undefined, record: async () => {} },
    lockFile: (key) => path(`${key}.lock`),
    keepSecret: () => {},
  });
  const source = plugin.create({}, { profile: "p", platform, log: silentLog, notes: fakeNotes(), chain: ["p"] });
  const resolved: AwsCredentialIdentityProvider = async (): Promise<AwsCredentialIdentity> => {
    const signal = AbortSignal.timeout(30_000);
    return (await resolver.resolve({ profile: "p", sourceId: "aws", key: "k", source }, { signal })).identity;
  };

  const sts = new STSClient({ ...clientConfig, credentials: resolved });
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  expect(Arn).toMatch(/^arn:aws:sts::123456789012:assumed-role\/Chained\//);
  sts.destroy();
});
