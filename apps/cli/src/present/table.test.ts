import { expect, test } from "vitest";
import { paint } from "./colour.ts";
import { table } from "./table.ts";

test("columns line up, colours do not count, columns that are empty below the head are left out", () => {
  const green = paint({ colour: true }, "green", "fresh");
  expect(green).toContain("\u001b[32m");
  const rows = [
    ["PROFILE", "ACCOUNT", "STATE", "ROLE"],
    ["acme", "", green, "Admin"],
    ["a-long-name", "", "absent", ""],
  ];
  expect(table(rows)).toBe(`PROFILE      STATE   ROLE\nacme         ${green}   Admin\na-long-name  absent\n`);
});

test("no colour: the text as it is", () => {
  expect(paint({ colour: false }, "red", "expired")).toBe("expired");
});
