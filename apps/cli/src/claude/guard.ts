import { isCredentialError } from "@keyspring/core";
import { remember, type Errand } from "../obtain.ts";
import { errorLines, explained } from "../present/error.ts";
import type { Services } from "../services.ts";
import { refusedLine, unsendableLine } from "./refused-credentials.ts";
import { sessionKind } from "./session-kind.ts";
import { tellSession } from "./tell-session.ts";
import { waitUntilSignedIn } from "./wait-until-signed-in.ts";

/** In the ledger: this consumer was handed credentials that AWS refuses. */
const REFUSED_PRINT = "refused";

/**
 * What to hand out when there is nothing to hand out. Resolves to `undefined` if a person signed in meanwhile: then try again.
 * @param errand absent if even the configuration could not be read
 */
export async function guarded(
  services: Services,
  errand: Errand | undefined,
  consumer: string | undefined,
  error: unknown,
): Promise<string | undefined> {
  const { platform, ledger, log } = services;
  const kind = sessionKind(platform);
  const now = platform.clock.now();
  log.warn("handing out credentials that AWS refuses, so that nobody else's are used", { session: kind });
  if (kind === "print") {
    await tellSession(
      services,
      errorLines(explained(error), (text) => services.redactor.redact(text)),
    );
    return unsendableLine(now);
  }
  if (errand === undefined || consumer === undefined) return refusedLine(now);
  const { key, profile } = errand.target;
  await remember(services, profile, error);
  const again = (await ledger.last(key, consumer))?.fingerprint === REFUSED_PRINT;
  if (!again) await ledger.record(key, { consumer, fingerprint: REFUSED_PRINT, at: now }).catch(() => {});
  // At a session's start waiting would leave its screen blank. Later it saves the turn: Claude Code goes on where it stopped.
  const needsPerson = isCredentialError(error) && error.code === "SIGN_IN_REQUIRED";
  if (kind === "terminal" && again && needsPerson && (await waitUntilSignedIn(services, errand, consumer))) return undefined;
  return refusedLine(platform.clock.now());
}
