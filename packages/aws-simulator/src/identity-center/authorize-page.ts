import { html } from "hono/html";
import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import type { Service } from "../http/service.ts";
import { automaticUser } from "../state/settings.ts";
import { approveAuthorization, beginAuthorization, denyAuthorization } from "./authorize.ts";
import { decisionButtons, pageAnswer, userPicker } from "./page.ts";

/** What people see; its errors are pages too. */
export const SIGN_IN_SERVICE: Service = {
  id: "sign-in",
  throttled: () => new ServiceError(429, "TooManyRequestsException", "Too many requests."),
  printError: (error) => pageAnswer("This did not work", html`<p role="alert">${error.message}</p>`, error.status),
};

/** `GET /authorize`: the sign-in in the browser that the client itself opened (authorization code with PKCE). */
export function showAuthorizePage(call: Call): Response | Promise<Response> {
  const begun = beginAuthorization(call.world, call.query);
  if ("redirect" in begun) return redirect(begun.redirect);
  const { organization, client, redirectUri } = begun;
  const automatic = automaticUser(call.world.settings, organization.users);
  if (automatic !== undefined) {
    call.entry.principal = automatic;
    return redirect(approveAuthorization(call.world, begun, automatic));
  }
  return pageAnswer(
    `Sign in to ${organization.name}`,
    html`<p>
        <strong>${client.clientName}</strong> asks for access to your accounts. It waits at ${new URL(redirectUri).host}.
      </p>
      <form method="post" action="/authorize">
        <input type="hidden" name="request" value="${begun.id}" />
        ${userPicker(organization.users)} ${decisionButtons}
      </form>`,
    200,
    [new URL(redirectUri).origin],
  );
}

/** `POST /authorize`: the person's decision, then back to the client. */
export function decideAuthorization(call: Call): Response | Promise<Response> {
  const form = new URLSearchParams(new TextDecoder().decode(call.body));
  const request = call.world.identityCenter.authorizations.get(form.get("request") ?? "");
  if (request === undefined || request.approved !== undefined) {
    throw new ServiceError(
      400,
      "InvalidRequestException",
      "This request is decided already, or never was. Start the sign-in anew.",
    );
  }
  if (form.get("decision") !== "approve") return redirect(denyAuthorization(call.world, request));
  const userName = form.get("user") ?? "";
  if (!request.organization.users.some((user) => user.userName === userName)) {
    throw new ServiceError(400, "InvalidRequestException", "There is no such user.");
  }
  call.entry.principal = userName;
  return redirect(approveAuthorization(call.world, request, userName));
}

function redirect(location: string): Response {
  return new Response(null, {
    status: 302,
    headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
}
