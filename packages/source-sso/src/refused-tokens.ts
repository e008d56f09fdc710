import type { SsoParts } from "./parts.ts";

/**
 * Refresh tokens that Identity Center refused for good, by digest, so that a session that ended is not asked after at every start.
 * The file itself is not touched: it may be the AWS CLI's.
 */
export async function isKnownRefused({ notes, platform, session }: SsoParts, refreshToken: string): Promise<boolean> {
  const note = await notes.read(nameOf(session)).catch(() => undefined);
  return note === platform.digest("sha256", refreshToken);
}

export async function noteRefused({ notes, platform, session, log }: SsoParts, refreshToken: string): Promise<void> {
  await notes.write(nameOf(session), platform.digest("sha256", refreshToken)).catch((error: unknown) => {
    log.debug("a refused refresh token could not be noted", { code: (error as NodeJS.ErrnoException).code });
  });
}

const nameOf = ({ id }: SsoParts["session"]): string => `refused-${id}`;
