import { formatDuration, isCredentialError, parseAnyCredentials, parseExpiration } from "@keyspring/core";
import { isObject } from "./entries.ts";
import type { CommandVerdict, Finding } from "./types.ts";

/** Claude Code asks ahead of time only for credentials that are good for longer than this when it gets them. */
const AHEAD = 360_000;

const SHAPES: Readonly<Record<string, string>> = {
  credential_process: "credential_process JSON",
  sts: "STS JSON",
  sso: "Identity Center JSON",
  container: "container JSON",
  json: "JSON",
  environment: "variable assignments",
  ini: "an INI section",
};

type Judged = Pick<CommandVerdict, "findings" | "shape" | "expiration">;

/**
 * Reads the output as Claude Code 2.1.330 does: the whole of it one JSON object, `{"Credentials":{…}}` or the same fields at the top,
 * all three keys present. Where it would refuse, says whether Keyspring could read it all the same.
 */
export function judgeOutput(stdout: string, now: number): Judged {
  const fields = fieldsOf(stdout);
  if (fields === undefined) return judgeOtherShape(stdout, now);
  const shape = SHAPES[isObject(parsed(stdout)?.["Credentials"]) ? "sts" : "credential_process"]!;
  const missing = ["AccessKeyId", "SecretAccessKey", "SessionToken"].filter(
    (name) => typeof fields[name] !== "string" || fields[name] === "",
  );
  if (missing.length === 1 && missing[0] === "SessionToken") return { shape, findings: [noToken()] };
  if (missing.length > 0) return judgeOtherShape(stdout, now);
  return { shape, ...judgeLife(fields["Expiration"], now) };
}

function parsed(stdout: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(stdout: string): Readonly<Record<string, unknown>> | undefined {
  const whole = parsed(stdout);
  const inner = whole?.["Credentials"];
  if (isObject(inner)) return inner;
  return whole !== undefined && "AccessKeyId" in whole ? whole : undefined;
}

/** Not what Claude Code reads: can Keyspring make sense of it? */
function judgeOtherShape(stdout: string, now: number): Judged {
  try {
    const { identity, shape: kind } = parseAnyCredentials(stdout);
    const shape = SHAPES[kind] ?? kind;
    if (identity.sessionToken === undefined) return { shape, findings: [noToken()] };
    const life = judgeLife(identity.expiration?.toISOString(), now);
    return { shape, ...life, findings: [unreadable(stdout, shape), ...life.findings] };
  } catch (thrown) {
    if (!isCredentialError(thrown)) throw thrown;
    return {
      findings: [
        error(
          "no-credentials",
          `the command printed no credentials: ${thrown.message}`,
          "Claude Code would silently go on with whatever other AWS identity this computer has.",
          thrown.remedy ?? "Have it print credentials as JSON.",
        ),
      ],
    };
  }
}

function unreadable(stdout: string, shape: string): Finding {
  const json = stdout.includes("{");
  return {
    ...error(
      "unreadable-output",
      json
        ? `the command prints ${shape} in a form or in company that Claude Code does not read`
        : `the command prints ${shape}, not JSON`,
      'Claude Code wants one JSON object with AccessKeyId, SecretAccessKey and SessionToken (or the same under "Credentials") and nothing else.',
      "Use --wrap: Keyspring reads it and prints what Claude Code wants.",
    ),
    wrapCures: true,
  };
}

function judgeLife(value: unknown, now: number): Pick<Judged, "findings" | "expiration"> {
  const expiration = timeOf(value);
  if (expiration === undefined)
    return {
      findings: [
        {
          severity: "warning",
          code: "no-expiration",
          what: "the command does not say when its credentials end",
          why: "Claude Code keeps them for an hour and learns of their end only from refused requests.",
          remedy: "Have it print Expiration (ISO 8601), or use --wrap.",
          wrapCures: true,
        },
      ],
    };
  const life = expiration.getTime() - now;
  if (life <= 0)
    return {
      expiration,
      findings: [
        error(
          "expired",
          "the command printed credentials that have already expired",
          "Claude Code takes them without complaint, and every request fails.",
          "Have it obtain new ones; does it print a cache?",
        ),
      ],
    };
  if (life > AHEAD) return { expiration, findings: [] };
  return {
    expiration,
    findings: [
      {
        severity: "warning",
        code: "short-life",
        what: `the credentials are good for only ${formatDuration(life)} more`,
        why: "At 6 minutes and less Claude Code stops renewing ahead, so a request fails each time they end.",
        remedy: "Have the command obtain new ones while the old have less than 15 minutes left.",
      },
    ],
  };
}

/** Claude Code takes odd values without complaint, as if there were none. */
function timeOf(value: unknown): Date | undefined {
  try {
    return parseExpiration(value);
  } catch {
    return undefined;
  }
}

function noToken(): Finding {
  return error(
    "no-session-token",
    "the command printed long-term keys, without a session token",
    "Claude Code refuses them (`did not return valid AWS STS output structure`).",
    "Have it print temporary credentials, e.g. of: aws sts get-session-token",
  );
}

function error(code: string, what: string, why: string, remedy: string): Finding {
  return { severity: "error", code, what, why, remedy };
}
