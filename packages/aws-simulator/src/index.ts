export { simulatorControl } from "./control/client.ts";
export type { IamControl, IamRoleInput, IamUserInput, IamUserKeys, OfferInput } from "./control/iam-types.ts";
export type {
  RevokeInput,
  RoleCredentials,
  RoleCredentialsInput,
  SettingsChange,
  SignedIn,
  SignInControl,
  SignInInput,
  SimulatorControl,
  SimulatorState,
  WaitForInput,
} from "./control/types.ts";
export {
  DEFAULT_ORGANIZATION,
  type Account,
  type AccountInput,
  type Assignment,
  type Organization,
  type OrganizationInput,
  type PermissionSet,
  type User,
} from "./identity-center/organization.ts";
export { findSecrets, withSimulator } from "./testing.ts";
export { environmentFor, startSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";
export type { ActiveFault, Fault, FaultEffect } from "./state/faults.ts";
export type { Revocation } from "./state/iam.ts";
export type { RateLimit } from "./state/rate-limits.ts";
export type { CredentialOrigin, LoggedRequest, RequestFilter, ServiceId } from "./state/request-log.ts";
export type { IssuedSecret, SecretKind } from "./state/secrets.ts";
export { DEFAULT_SETTINGS, type AutoApprove, type Settings } from "./state/settings.ts";
