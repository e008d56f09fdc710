import type { Client } from "../identity-center/register.ts";
import type { AuthorizationRequest } from "../identity-center/authorize.ts";
import type { DeviceSignIn } from "../identity-center/device.ts";
import { sameStartUrl, type Organization } from "../identity-center/organization.ts";
import type { AccessToken, RefreshToken, Session } from "../identity-center/sessions.ts";

/** Everything that Identity Center remembers. Keys of the maps are the secrets themselves. */
export interface IdentityCenterState {
  readonly organizations: Organization[];
  readonly clients: Map<string, Client>;
  readonly devices: Map<string, DeviceSignIn>;
  /** By id until decided, by code from then on. */
  readonly authorizations: Map<string, AuthorizationRequest>;
  readonly sessions: Session[];
  readonly accessTokens: Map<string, AccessToken>;
  readonly refreshTokens: Map<string, RefreshToken>;
}

export function createIdentityCenterState(): IdentityCenterState {
  return {
    organizations: [],
    clients: new Map(),
    devices: new Map(),
    authorizations: new Map(),
    sessions: [],
    accessTokens: new Map(),
    refreshTokens: new Map(),
  };
}

export function organizationAt(state: IdentityCenterState, startUrl: string): Organization | undefined {
  return state.organizations.find((organization) => sameStartUrl(organization.startUrl, startUrl));
}
