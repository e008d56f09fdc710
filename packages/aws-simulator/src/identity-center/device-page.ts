import { html } from "hono/html";
import type { Call } from "../http/call.ts";
import { decide, deviceByUserCode, type DeviceSignIn } from "./device.ts";
import { decisionButtons, pageAnswer, userPicker } from "./page.ts";

/** `GET /device`, with the code in the query or not: what a device sign-in sends its person to. */
export function showDevicePage(call: Call): Response | Promise<Response> {
  const userCode = call.query.get("user_code");
  return userCode === null || userCode === "" ? askForCode() : showDevice(call, userCode);
}

/** `POST /device`: the person's decision. */
export function decideDevice(call: Call): Response | Promise<Response> {
  const form = new URLSearchParams(new TextDecoder().decode(call.body));
  const userCode = form.get("user_code") ?? "";
  const device = openDevice(call, userCode);
  if (typeof device === "string") return askForCode(device, 400);
  if (form.get("decision") !== "approve") {
    decide(device, { kind: "denied" });
    return pageAnswer("Request denied", html`<p role="status">Nobody was signed in. You can close this window.</p>`);
  }
  const userName = form.get("user") ?? "";
  if (!device.organization.users.some((user) => user.userName === userName)) return showDevice(call, userCode, 400);
  decide(device, { kind: "approved", userName });
  call.entry.principal = userName;
  return pageAnswer(
    "Request approved",
    html`<p role="status">
      ${device.client.clientName} may act as ${userName} at ${device.organization.name}. You can close this window.
    </p>`,
  );
}

function askForCode(problem?: string, status = 200): Response | Promise<Response> {
  return pageAnswer(
    "Authorization requested",
    html`${problem === undefined ? "" : html`<p role="alert">${problem}</p>`}
      <form method="get" action="/device">
        <label for="user_code">The code that your device shows</label>
        <input
          type="text"
          id="user_code"
          name="user_code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus
        />
        <button>Continue</button>
      </form>`,
    status,
  );
}

function showDevice(call: Call, userCode: string, status = 200): Response | Promise<Response> {
  const device = openDevice(call, userCode);
  if (typeof device === "string") return askForCode(device, 400);
  const { organization, client } = device;
  return pageAnswer(
    "Authorization requested",
    html`<p>
        <strong>${client.clientName}</strong> asks for access to <strong>${organization.name}</strong>. Approve only if your
        device shows the same code:
      </p>
      <output class="code">${device.userCode}</output>
      <form method="post" action="/device">
        <input type="hidden" name="user_code" value="${device.userCode}" />
        ${userPicker(organization.users)} ${decisionButtons}
      </form>`,
    status,
  );
}

/** The sign-in, or why it is not open. */
function openDevice(call: Call, userCode: string): DeviceSignIn | string {
  const device = deviceByUserCode(call.world, userCode);
  if (device === undefined) return "There is no request with this code. Look again, or start the sign-in anew.";
  if (call.world.clock.now() >= device.expiresAt) return "This code has expired. Start the sign-in anew.";
  if (device.decision !== undefined) return "This request is decided already.";
  return device;
}
