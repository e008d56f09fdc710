import { BedrockRuntimeClient, InvokeModelWithResponseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { GetRoleCredentialsCommand, SSOClient } from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { DEFAULT_ORGANIZATION, startSimulator } from "./index.ts";

test("a whole sign-in, from registration to Claude's answer, with AWS's own clients", async () => {
  const simulator = await startSimulator();
  try {
    const common = { endpoint: simulator.url, region: "eu-west-1" };
    const oidc = new SSOOIDCClient(common);
    const { clientId, clientSecret } = await oidc.send(
      new RegisterClientCommand({ clientName: "test", clientType: "public", scopes: ["sso:account:access"] }),
    );
    const { startUrl } = DEFAULT_ORGANIZATION;
    const { deviceCode, userCode } = await oidc.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }));
    await simulator.control.approve({ userCode: userCode!, userName: "bob" });
    const grantType = "urn:ietf:params:oauth:grant-type:device_code";
    const token = await oidc.send(new CreateTokenCommand({ clientId, clientSecret, grantType, deviceCode }));

    const { roleCredentials } = await new SSOClient(common).send(
      new GetRoleCredentialsCommand({ accessToken: token.accessToken, accountId: "123456789012", roleName: "BedrockUser" }),
    );
    const { accessKeyId, secretAccessKey, sessionToken } = roleCredentials!;
    const credentials = { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey!, sessionToken: sessionToken! };

    const caller = await new STSClient({ ...common, credentials }).send(new GetCallerIdentityCommand());
    expect(caller.Arn).toMatch(/^arn:aws:sts::123456789012:assumed-role\/AWSReservedSSO_BedrockUser_[0-9a-f]{16}\/bob$/);

    const { body } = await new BedrockRuntimeClient({ ...common, credentials }).send(
      new InvokeModelWithResponseStreamCommand({
        modelId: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        contentType: "application/json",
        body: JSON.stringify({
          anthropic_version: "bedrock-2023-05-31",
          max_tokens: 100,
          messages: [{ role: "user", content: "The spring never runs dry" }],
        }),
      }),
    );
    let text = "";
    for await (const { chunk } of body!) {
      const event = JSON.parse(Buffer.from(chunk!.bytes!).toString()) as { delta?: { text?: string } };
      text += event.delta?.text ?? "";
    }
    expect(text).toBe("You said: The spring never runs dry");
    expect(await simulator.control.counts()).toEqual({
      "sso-oidc/RegisterClient": 1,
      "sso-oidc/StartDeviceAuthorization": 1,
      "sso-oidc/CreateToken": 1,
      "sso/GetRoleCredentials": 1,
      "sts/GetCallerIdentity": 1,
      "bedrock-runtime/InvokeModelWithResponseStream": 1,
    });
  } finally {
    await simulator.stop();
  }
});
