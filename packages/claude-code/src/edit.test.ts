import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { appendItem, removeAt, replaceItem, setValue } from "./edit.ts";
import { oddJson } from "./testing/odd-json.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

const JSON_CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  ["two spaces", '{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "k": "v"\n}\n'],
  ["tabs, no line end", '{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"k": "v"\n}'],
  ["CR LF", '{\r\n    "a": 1\r\n}\r\n', '{\r\n    "a": 1,\r\n    "k": "v"\r\n}\r\n'],
  ["lone CR", '{\r "a": 1\r}', '{\r "a": 1,\r "k": "v"\r}'],
  ["one line", '{"a":1}', '{"a":1,"k":"v"}'],
  ["one line with spaces", '{ "a": 1 }', '{ "a": 1, "k": "v" }'],
  ["brace on the key's line", '{ "a": 1,\n  "b": 2 }', '{ "a": 1,\n  "b": 2,\n  "k": "v" }'],
  ["no space after the colon", '{\n"a":1\n}', '{\n"a":1,\n"k":"v"\n}'],
  ["blank lines between", '{\n  "a": 1,\n\n  "b": 2\n}', '{\n  "a": 1,\n\n  "b": 2,\n  "k": "v"\n}'],
  ["empty object", "{}", '{\n  "k": "v"\n}'],
  ["empty object, spread", "{\n}\n", '{\n  "k": "v"\n}\n'],
  ["no document", "", '{\n  "k": "v"\n}\n'],
  ["only white space", "\r\n", '{\r\n  "k": "v"\r\n}\r\n'],
  ["key there already", '{ "k" : "old" , "a":1}', '{ "k" : "v" , "a":1}'],
];
test.each(JSON_CASES)("setting a key: %s", (_, before, after) => {
  expect(setValue(before, ["k"], "v")).toBe(after);
});

test("missing objects are made on the way, in the document's own indentation", () => {
  expect(setValue('{\n    "a": 1\n}', ["env", "X"], "1")).toBe('{\n    "a": 1,\n    "env": {\n        "X": "1"\n    }\n}');
  expect(setValue('{"a":1,"env":{}}', ["env", "X"], "1")).toBe('{"a":1,"env":{"X":"1"}}');
});

test("an item is added behind other people's and taken out again", () => {
  const before = '{\n  "hooks": {\n    "Stop": [\n      { "hooks": [] }\n    ]\n  }\n}\n';
  const after = appendItem(before, ["hooks", "Stop"], { hooks: [1] });
  expect(after).toBe(
    '{\n  "hooks": {\n    "Stop": [\n      { "hooks": [] },\n      {\n        "hooks": [\n          1\n        ]\n      }\n    ]\n  }\n}\n',
  );
  expect(removeAt(after, ["hooks", "Stop", 1])).toBe(before);
  expect(removeAt(after, ["hooks", "Stop", 0])).toContain('[\n      {\n        "hooks": [\n          1');
});

test("an item is replaced where it stands, spread or on one line as it was", () => {
  expect(replaceItem('{"h":[{"a":1},{"b":2}]}', ["h"], 0, { c: 3 })).toBe('{"h":[{"c":3},{"b":2}]}');
});

test("removing the first, a middle, the last and the only member leaves valid neighbours", () => {
  const text = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}';
  expect(removeAt(text, ["a"])).toBe('{\n  "b": 2,\n  "c": 3\n}');
  expect(removeAt(text, ["b"])).toBe('{\n  "a": 1,\n  "c": 3\n}');
  expect(removeAt(text, ["c"])).toBe('{\n  "a": 1,\n  "b": 2\n}');
  expect(removeAt('{\n  "a": 1\n}', ["a"])).toBe("{}");
  expect(removeAt(text, ["d"])).toBe(text);
  expect(removeAt(text, ["a", "b"])).toBe(text);
});

test("any document: a new key changes nothing but itself, and taking it out gives the former text", () => {
  fc.assert(
    fc.property(oddJson(), fc.string(), ({ text, value }, wanted) => {
      const after = setValue(text, ["keyspring.test"], wanted);
      expect(JSON.parse(after)).toEqual({ ...value, "keyspring.test": wanted });
      if (Object.keys(value).length > 0) expect(removeAt(after, ["keyspring.test"])).toBe(text);
      else expect(JSON.parse(removeAt(after, ["keyspring.test"]))).toEqual({});
    }),
    { numRuns: 300 },
  );
});

test("any document: any member can be replaced and taken out, and the others stay", () => {
  fc.assert(
    fc.property(oddJson(), fc.nat(), ({ text, value }, pick) => {
      const names = Object.keys(value);
      if (names.length === 0) return;
      const name = names[pick % names.length]!;
      const { [name]: _, ...others } = value;
      expect(JSON.parse(setValue(text, [name], { x: [1] }))).toEqual({ ...value, [name]: { x: [1] } });
      expect(JSON.parse(removeAt(text, [name]))).toEqual(others);
    }),
    { numRuns: 300 },
  );
});
