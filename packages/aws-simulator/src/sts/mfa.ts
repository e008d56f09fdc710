import { createHmac } from "node:crypto";
import { ServiceError } from "../http/error.ts";
import type { IamUser } from "../state/iam.ts";
import type { World } from "../state/world.ts";

const STEP = 30_000;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What the user's virtual device shows at `time` (milliseconds): RFC 6238 with SHA-1, 30 s, 6 digits. */
export function mfaCode(seed: string, time: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / STEP)));
  const hash = createHmac("sha1", decodeBase32(seed)).update(counter).digest();
  const offset = hash.at(-1)! & 0x0f;
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

/**
 * Checks a code as AWS does: the current step or a neighbour, and no code twice.
 * @throws ServiceError `AccessDenied`
 */
export function checkMfa(world: World, user: IamUser | undefined, serialNumber: string, code: string): void {
  const refused = new ServiceError(
    403,
    "AccessDenied",
    "MultiFactorAuthentication failed with invalid MFA one time pass code.",
  );
  const device = user?.mfa;
  if (device === undefined || device.serialNumber !== serialNumber) throw refused;
  const now = world.clock.wall();
  const valid = [now - STEP, now, now + STEP].some((time) => mfaCode(device.seed, time) === code);
  if (!valid || device.lastCode === code) throw refused;
  device.lastCode = code;
}

function decodeBase32(text: string): Buffer {
  const bits = Array.from(text, (character) => BASE32.indexOf(character).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
