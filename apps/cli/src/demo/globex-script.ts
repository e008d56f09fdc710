/**
 * What a company's own script may look like: a banner, then shell assignments. It gets its keys from the simulated portal with a login of
 * its own, as such scripts do.
 */
export function globexScript(url: string, accessToken: string): string {
  return `#!/usr/bin/env node
(async () => {
  const headers = { "x-amz-sso_bearer_token": ${JSON.stringify(accessToken)} };
  const answer = await fetch(${JSON.stringify(url)}, { headers });
  const { roleCredentials: keys } = await answer.json();
  console.log("Globex credential service, have a nice day");
  console.log("export AWS_ACCESS_KEY_ID=" + keys.accessKeyId);
  console.log("export AWS_SECRET_ACCESS_KEY='" + keys.secretAccessKey + "'");
  console.log('export AWS_SESSION_TOKEN="' + keys.sessionToken + '"');
  console.log("export AWS_CREDENTIAL_EXPIRATION=" + new Date(keys.expiration).toISOString());
})();
`;
}
