import { Hono } from "hono";
import { serve, type Env } from "../http/service.ts";
import type { World } from "../state/world.ts";
import { decideAuthorization, showAuthorizePage, SIGN_IN_SERVICE } from "./authorize-page.ts";
import { decideDevice, showDevicePage } from "./device-page.ts";
import { startDeviceAuthorization } from "./device.ts";
import { OIDC_SERVICE } from "./oauth-error.ts";
import { getRoleCredentials, listAccountRoles, listAccounts, logout, PORTAL_SERVICE } from "./portal.ts";
import { registerClient } from "./register.ts";
import { createToken } from "./token.ts";

export function identityCenterRoutes(world: World): Hono<Env> {
  const routes = new Hono<Env>();
  routes.post("/client/register", serve(world, OIDC_SERVICE, "RegisterClient", registerClient));
  routes.post("/device_authorization", serve(world, OIDC_SERVICE, "StartDeviceAuthorization", startDeviceAuthorization));
  routes.post("/token", serve(world, OIDC_SERVICE, "CreateToken", createToken));
  routes.get("/device", serve(world, SIGN_IN_SERVICE, "ShowDevicePage", showDevicePage));
  routes.post("/device", serve(world, SIGN_IN_SERVICE, "DecideDevice", decideDevice));
  routes.get("/authorize", serve(world, SIGN_IN_SERVICE, "Authorize", showAuthorizePage));
  routes.post("/authorize", serve(world, SIGN_IN_SERVICE, "DecideAuthorization", decideAuthorization));
  routes.get("/federation/credentials", serve(world, PORTAL_SERVICE, "GetRoleCredentials", getRoleCredentials));
  routes.get("/assignment/accounts", serve(world, PORTAL_SERVICE, "ListAccounts", listAccounts));
  routes.get("/assignment/roles", serve(world, PORTAL_SERVICE, "ListAccountRoles", listAccountRoles));
  routes.post("/logout", serve(world, PORTAL_SERVICE, "Logout", logout));
  return routes;
}
