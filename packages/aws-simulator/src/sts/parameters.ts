import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";

/** The fields of a query request: the form in the body, or the query of a GET. */
export function parametersOf(call: Pick<Call, "body" | "query">): URLSearchParams {
  const form = new URLSearchParams(new TextDecoder().decode(call.body));
  return form.has("Action") ? form : call.query;
}

interface Limits {
  readonly shortest: number;
  readonly longest: number;
  readonly pattern?: RegExp;
}

/** @throws ServiceError `ValidationError` when missing or outside of the model's limits */
export function requiredText(parameters: URLSearchParams, name: string, limits: Limits): string {
  const value = optionalText(parameters, name, limits);
  if (value === undefined)
    throw validationError(
      `1 validation error detected: Value at '${member(name)}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

export function optionalText(parameters: URLSearchParams, name: string, limits: Limits): string | undefined {
  const value = parameters.get(name);
  if (value === null) return undefined;
  const where = `1 validation error detected: Value at '${member(name)}' failed to satisfy constraint: Member must`;
  if (value.length < limits.shortest) throw validationError(`${where} have length greater than or equal to ${limits.shortest}`);
  if (value.length > limits.longest) throw validationError(`${where} have length less than or equal to ${limits.longest}`);
  if (limits.pattern?.test(value) === false)
    throw validationError(`${where} satisfy regular expression pattern: ${limits.pattern.source}`);
  return value;
}

/** Seconds. */
export function durationSeconds(parameters: URLSearchParams, usual: number, longest: number): number {
  const text = parameters.get("DurationSeconds");
  const seconds = text === null ? usual : Number(text);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > longest) {
    throw validationError(
      `1 validation error detected: Value '${text}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and ${longest}`,
    );
  }
  return seconds;
}

export function validationError(message: string): ServiceError {
  return new ServiceError(400, "ValidationError", message);
}

function member(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
