import { shownLine, type Interaction } from "@keyspring/core";

const URL = /https?:\/\/[^\s"'<>|\\^`{}]+[^\s"'<>|\\^`{}.,;:!?)\]]/g;
const CODE =
  /(?:^|[Cc]ode\b[^A-Za-z0-9]{0,20})([A-Z0-9]{4}-[A-Z0-9]{4})[.\s]*$|[Cc]ode\b[^A-Za-z0-9]{1,20}([A-Z0-9]{6,9})[.\s]*$/;
/** A command that floods must not flood the person. */
const MOST_LINES = 200;

/**
 * Passes on what a sign-in command prints: its lines, redacted, as progress; the address to open, and the code to type there, as a
 * prompt of its own. Opens nothing.
 */
export function signInOutput(interaction: Pick<Interaction, "say" | "show">): (line: string) => void {
  let url: string | undefined;
  let urlComplete: string | undefined;
  let code: string | undefined;
  let lines = 0;
  const show = (): void => {
    if (url === undefined) return;
    const prompt = { url, ...(urlComplete !== undefined && { urlComplete }), ...(code !== undefined && { code }) };
    // A prompt that cannot be shown must not end the sign-in: the lines say it, too.
    void Promise.resolve(interaction.show(prompt)).catch(() => undefined);
  };
  return (line) => {
    const addresses = line.match(URL) ?? [];
    const [, spelled, plain] = CODE.exec(shownLine(line)) ?? [];
    const found = spelled ?? plain;
    const before = [url, urlComplete, code].join(" ");
    for (const address of addresses) {
      if (url !== undefined && /[?&]user_code=/.test(address) && !/[?&]user_code=/.test(url)) urlComplete = address;
      else if (address !== url) [url, urlComplete] = [address, undefined];
    }
    if (found !== undefined && url !== undefined) code = found;
    if ([url, urlComplete, code].join(" ") !== before) show();
    const text = shownLine(line);
    const isOnlyShown = addresses.length === 1 && line.trim() === addresses[0];
    if (text === "" || isOnlyShown) return;
    lines += 1;
    if (lines <= MOST_LINES) interaction.say(text);
    if (lines === MOST_LINES + 1) interaction.say("… and more, not shown");
  };
}
