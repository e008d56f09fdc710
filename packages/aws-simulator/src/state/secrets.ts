import { randomBytes } from "node:crypto";

export type SecretKind =
  | "access-token"
  | "authorization-code"
  | "bearer-token"
  | "client-secret"
  | "device-code"
  | "mfa-seed"
  | "refresh-token"
  | "secret-access-key"
  | "session-token"
  | "web-identity-token";

export interface IssuedSecret {
  readonly kind: SecretKind;
  readonly value: string;
}

/** Makes every secret, and remembers it for good, so that tests can search what they captured for all of them. */
export interface SecretRegister {
  /** Registers `value` and gives it back. */
  issue(kind: SecretKind, value: string): string;
  all(): readonly IssuedSecret[];
}

export function createSecretRegister(): SecretRegister {
  const issued: IssuedSecret[] = [];
  return {
    issue(kind, value) {
      issued.push({ kind, value });
      return value;
    },
    all: () => issued,
  };
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Without vowels and look-alikes: people read these aloud. */
const USER_CODE = "BCDFGHJKLMNPQRSTVWXZ";

export function randomText(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

export function randomFrom(alphabet: string, length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

/** The shapes below are AWS's in prefix and length, because clients cut, store and redact by them. */
export function newAccessKeyId(kind: "temporary" | "long-term"): string {
  return `${kind === "temporary" ? "ASIA" : "AKIA"}${randomFrom(BASE32, 16)}`;
}

export function newUniqueId(prefix: "AROA" | "AIDA"): string {
  return `${prefix}${randomFrom(BASE32, 17)}`;
}

export function newSecretAccessKey(): string {
  return randomBytes(30).toString("base64");
}

export function newSessionToken(): string {
  return `IQoJb3JpZ2luX2Vj${randomBytes(510).toString("base64")}`;
}

export function newUserCode(): string {
  return `${randomFrom(USER_CODE, 4)}-${randomFrom(USER_CODE, 4)}`;
}

export function newMfaSeed(): string {
  return randomFrom(BASE32, 32);
}

/** AWS's client secrets are signed documents of well over a kilobyte; stores with small limits must meet that here, not there. */
export function newClientSecret(): string {
  const header = Buffer.from(JSON.stringify({ kid: randomText(8), alg: "HS384" })).toString("base64url");
  return `${header}.${randomText(600)}.${randomText(48)}`;
}
