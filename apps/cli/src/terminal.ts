/** The streams of this process and what may be done with them. Real in main.ts, recorded in tests. */
export interface Terminal {
  /** Writes text at once, whole. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** True if a person can answer: standard input and standard error are terminals. */
  readonly canAsk: boolean;
  readonly colour: boolean;
  /** One line that a person typed. Only where `canAsk`. */
  ask(question: string): Promise<string>;
}
