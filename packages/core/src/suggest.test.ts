import { expect, test } from "vitest";
import { didYouMean } from "./suggest.ts";

const KEYS = ["command", "sign_in_command", "timeout", "env"];

test.each([
  ["comand", "command"],
  ["Command", "command"],
  ["cmomand", "command"],
  ["sign-in-command", "sign_in_command"],
  ["signin_command", "sign_in_command"],
  ["timout", "timeout"],
  ["en", "env"],
])("%s means %s", (word, meant) => {
  expect(didYouMean(word, KEYS)).toBe(meant);
});

test.each(["", "x", "region", "x".repeat(100_000)])("nothing is near %j", (word) => {
  expect(didYouMean(word, [...KEYS, "y"])).toBeUndefined();
});
