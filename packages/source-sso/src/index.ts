export { describeSession, type SessionDescription } from "./describe-session.ts";
export { SSO_OPTION_KEYS, ssoOptionsSchema, type SsoOptions } from "./options.ts";
export { ssoPlugin } from "./plugin.ts";
