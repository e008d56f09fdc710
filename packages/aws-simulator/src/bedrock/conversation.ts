/** A turn of a model, whichever API asked for it. */
export interface Turn {
  readonly blocks: readonly TurnBlock[];
  readonly stopReason: "end_turn" | "max_tokens" | "tool_use";
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type TurnBlock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly id: string; readonly name: string; readonly input: unknown };

/** What the turn depends on. */
export interface Conversation {
  /** Texts of the last user message. */
  readonly texts: readonly string[];
  /** Texts of the tool results in the last user message. */
  readonly toolResults: readonly string[];
  readonly toolNames: readonly string[];
  /** Length of all that was sent, for the token counts. */
  readonly size: number;
  /** The answer is cut there. */
  readonly maxTokens: number;
}

const CHARACTERS_PER_TOKEN = 4;

/**
 * A model that always does the same: repeats the last line it was told. `[[tool:Bash {"command":"id"}]]` in that message makes it use
 * the tool, if it was offered; the tool's result is repeated in turn.
 */
export function answerTo(conversation: Conversation): Turn {
  const { toolResults, texts, toolNames, size, maxTokens } = conversation;
  const said = texts.map(withoutReminders).join("\n");
  const tools = toolResults.length > 0 ? [] : directivesIn(said).filter(({ name }) => toolNames.includes(name));
  const whole = toolResults.length > 0 ? `The tool answered: ${toolResults.join("\n")}` : `You said: ${lastLine(said)}`;
  const text = whole.slice(0, maxTokens * CHARACTERS_PER_TOKEN);
  const blocks: TurnBlock[] =
    tools.length > 0
      ? tools.map(({ name, input }, index) => ({ kind: "tool", id: `toolu_bdrk_01${toolId(size, index)}`, name, input }))
      : [{ kind: "text", text }];
  return {
    blocks,
    stopReason: tools.length > 0 ? "tool_use" : text === whole ? "end_turn" : "max_tokens",
    inputTokens: tokens(size),
    outputTokens: tokens(JSON.stringify(blocks).length),
  };
}

export function tokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}

/** Claude Code puts context of its own into the user's message, between these tags. */
function withoutReminders(text: string): string {
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, "");
}

function lastLine(text: string): string {
  return (
    text
      .split("\n")
      .map((line) => line.trim())
      .findLast((line) => line !== "") ?? "nothing"
  );
}

function directivesIn(text: string): { name: string; input: unknown }[] {
  return [...text.matchAll(/\[\[tool:([\w-]+)\s+(\{[\s\S]*?\})\]\]/g)].flatMap(([, name, json]) => {
    try {
      return [{ name: name!, input: JSON.parse(json!) as unknown }];
    } catch {
      return [];
    }
  });
}

/** Unique within a conversation, whose size only grows, and the same in every run. */
function toolId(size: number, index: number): string {
  return `${size.toString(36)}${index.toString(36)}`.padStart(22, "0");
}
