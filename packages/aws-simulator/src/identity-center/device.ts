import { jsonBody, textField, type Call } from "../http/call.ts";
import { organizationAt } from "../state/identity-center.ts";
import { newUserCode, randomText } from "../state/secrets.ts";
import { automaticUser } from "../state/settings.ts";
import type { World } from "../state/world.ts";
import { oauthAnswer, oauthError } from "./oauth-error.ts";
import type { Organization } from "./organization.ts";
import { authenticatedClient, GRANT, type Client } from "./register.ts";

/** A sign-in on another screen: begun by a client, decided by a person, fetched by the client. */
export interface DeviceSignIn {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly client: Client;
  readonly organization: Organization;
  readonly startedAt: number;
  readonly expiresAt: number;
  /** Seconds; grows by 5 whenever the client polls too quickly. */
  interval: number;
  lastPoll: number | undefined;
  decision: Decision | undefined;
  redeemed: boolean;
}

export type Decision = { readonly kind: "approved"; readonly userName: string } | { readonly kind: "denied" };

/** `POST /device_authorization`. */
export function startDeviceAuthorization(call: Call): Response {
  const { world } = call;
  const fields = jsonBody(call);
  if (fields === undefined) throw oauthError("invalid_request", "The body is no JSON object.");
  const client = authenticatedClient(call, fields);
  if (!client.grantTypes.includes(GRANT.deviceCode)) {
    throw oauthError("unauthorized_client", "The client is not registered for the device code grant.");
  }
  const startUrl = textField(fields, "startUrl");
  const organization = startUrl === undefined ? undefined : organizationAt(world.identityCenter, startUrl);
  if (organization === undefined) throw oauthError("invalid_request", "Invalid start URL provided.");

  const { deviceCodeLifetime, pollInterval } = world.settings;
  const now = world.clock.now();
  const device: DeviceSignIn = {
    deviceCode: world.secrets.issue("device-code", randomText(96)),
    userCode: newUserCode(),
    client,
    organization,
    startedAt: now,
    expiresAt: now + deviceCodeLifetime,
    interval: pollInterval,
    lastPoll: undefined,
    decision: undefined,
    redeemed: false,
  };
  world.identityCenter.devices.set(device.deviceCode, device);
  return oauthAnswer({
    deviceCode: device.deviceCode,
    userCode: device.userCode,
    verificationUri: `${world.url}/device`,
    verificationUriComplete: `${world.url}/device?user_code=${device.userCode}`,
    expiresIn: Math.floor(deviceCodeLifetime / 1000),
    interval: pollInterval,
  });
}

function letters(code: string): string {
  return code.toUpperCase().replace(/[^A-Z]/g, "");
}

/** The undecided or decided sign-in that a person means; letters' case, spaces and the dash do not matter. */
export function deviceByUserCode(world: World, userCode: string): DeviceSignIn | undefined {
  return [...world.identityCenter.devices.values()].find((device) => letters(device.userCode) === letters(userCode));
}

/** The decision, made by a person or by auto-approval once its delay has passed. */
export function decisionOn(world: World, device: DeviceSignIn): Decision | undefined {
  const userName = automaticUser(world.settings, device.organization.users);
  const ripe = world.clock.now() >= device.startedAt + (world.settings.autoApprove?.delay ?? 0);
  if (userName !== undefined && ripe) decide(device, { kind: "approved", userName });
  return device.decision;
}

/** The first decision stands. */
export function decide(device: DeviceSignIn, decision: Decision): void {
  device.decision ??= decision;
}
