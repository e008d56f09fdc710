export { parseAnyCredentials, type OutputShape, type ParsedOutput } from "./any.ts";
export { checkedIdentity } from "./check.ts";
export {
  parseContainerCredentials,
  parseContainerError,
  printContainerCredentials,
  printContainerError,
  type ContainerError,
} from "./container.ts";
export { CREDENTIAL_VARIABLES, withoutCredentialVariables } from "./credential-variables.ts";
export { credentialVariables, parseEnvironment, type Variables } from "./environment.ts";
export { ENVIRONMENT_FORMATS, printEnvironment, type EnvironmentFormat } from "./environment-print.ts";
export { parseExpiration, printExpiration } from "./expiration.ts";
export { parseExportCredentials, printExportCredentials } from "./export.ts";
export { parseIniSection, printIniSection } from "./ini.ts";
export { invalidOutput } from "./problem.ts";
export { parseProcessCredentials, printProcessCredentials } from "./process.ts";
