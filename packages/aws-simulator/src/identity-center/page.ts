import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
:root { color-scheme: light dark; --ink: #16191f; --paper: #fff; --quiet: #545b64; --line: #aab7b8; --action: #0a5cb8; --ground: #f2f3f3 }
@media (prefers-color-scheme: dark) { :root { --ink: #eaeded; --paper: #1f2732; --quiet: #b6bec9; --line: #5f6b7a; --action: #6cb2ff; --ground: #0f141a } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 28rem; margin: 10vh auto 2rem; padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem }
h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.25 }
.code { display: block; margin: .5rem 0 1.25rem; padding: .6rem; border: 1px dashed var(--line); border-radius: .5rem; font: 600 1.75rem/1.2 ui-monospace, monospace; letter-spacing: .12em; text-align: center }
fieldset { margin: 0 0 1.25rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem }
label { display: block; padding: .25rem 0 }
input[type=text] { box-sizing: border-box; width: 100%; margin: .25rem 0 1.25rem; padding: .6rem; font: 1.2rem ui-monospace, monospace; border: 1px solid var(--line); border-radius: .5rem }
button { padding: .6rem 1.2rem; font: inherit; font-weight: 600; border: 2px solid var(--action); border-radius: .5rem; background: var(--action); color: var(--paper); cursor: pointer }
button.quiet { background: none; color: var(--action) }
:focus-visible { outline: 3px solid var(--action); outline-offset: 2px }
small { color: var(--quiet) }`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * A page that loads nothing from anywhere and cannot be framed.
 * @param formTargets origins to which its forms may lead, beyond its own
 */
export function pageAnswer(
  title: string,
  content: Html,
  status = 200,
  formTargets: readonly string[] = [],
): Response | Promise<Response> {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
          <p><small>This is Keyspring's simulated AWS. Nothing here reaches a real account.</small></p>
        </main>
      </body>
    </html>`;
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action ${["'self'", ...formTargets].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const respond = (text: string): Response =>
    new Response(text, {
      status,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
      },
    });
  return document instanceof Promise ? document.then((text) => respond(String(text))) : respond(String(document));
}

export function userPicker(users: readonly { readonly userName: string }[]): Html {
  return html`<fieldset>
    <legend>Sign in as</legend>
    ${users.map(
      ({ userName }, index) =>
        html`<label
          ><input type="radio" name="user" value="${userName}" required ${index === 0 ? "checked" : ""} /> ${userName}</label
        >`,
    )}
  </fieldset>`;
}

export const decisionButtons: Html = html`<button name="decision" value="approve">Approve</button>
  <button name="decision" value="deny" class="quiet" formnovalidate>Deny</button>`;
