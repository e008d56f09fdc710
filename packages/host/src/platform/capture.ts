import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export interface Capture {
  /** What was kept, whole characters only. */
  text(): string;
  /** Passes on a last line that had no end. */
  finish(): void;
}

/** Keeps up to `limit` bytes of a stream and calls `onLine` for each whole line, without its end. A character is never split. */
export function capture(stream: Readable, limit: number, onLine: (line: string) => void, onTooMuch: () => void): Capture {
  const decoder = new StringDecoder("utf8");
  let kept = "";
  let unfinished = "";
  let size = 0;
  const take = (text: string): void => {
    kept += text;
    const lines = (unfinished + text).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) onLine(line.replace(/\r$/, ""));
  };
  stream.on("data", (chunk: Buffer) => {
    const room = limit - size;
    if (room > 0) take(decoder.write(chunk.length > room ? chunk.subarray(0, room) : chunk));
    size += chunk.length;
    if (size > limit) onTooMuch();
  });
  // A pipe that breaks has ended; how the child ended is told by its exit.
  stream.on("error", () => undefined);
  return {
    text: () => kept,
    finish() {
      take(decoder.end());
      if (unfinished !== "") onLine(unfinished.replace(/\r$/, ""));
      unfinished = "";
    },
  };
}
