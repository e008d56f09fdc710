/**
 * Everything that differs from run to run, in one object: time, environment, randomness, files, processes, network.
 * Apps take it as their parameter; only `@keyspring/host` implements it for real; tests pass `fakePlatform()`.
 */
export interface Platform {
  readonly os: "linux" | "darwin" | "win32";
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  readonly home: string;
  readonly cwd: string;
  /** `uid` is undefined on Windows. */
  readonly user: { readonly uid: number | undefined; readonly name: string };
  readonly self: SelfProcess;
  readonly path: PathTools;
  readonly clock: Clock;
  readonly files: Files;
  readonly locks: Locks;
  readonly processes: Processes;
  readonly http: Http;
  random(bytes: number): Uint8Array;
  /** Lower-case hexadecimal digest of the text's UTF-8 bytes. */
  digest(algorithm: "sha1" | "sha256", text: string): string;
}

export interface SelfProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** The running interpreter, as found (links not resolved where that is known). */
  readonly execPath: string;
  /** The running script, absolute. */
  readonly script: string;
}

/** `node:path` of the platform's own system, so that Windows paths can be tested on Linux. */
export interface PathTools {
  readonly sep: string;
  readonly delimiter: string;
  join(...parts: string[]): string;
  resolve(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string, suffix?: string): string;
  isAbsolute(path: string): boolean;
  relative(from: string, to: string): string;
}

export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`, rejects with the signal's reason when that comes first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts with a `TIMED_OUT` error after `milliseconds`, and with `parent`. */
  deadline(milliseconds: number, parent?: AbortSignal): Deadline;
}

export interface Deadline {
  readonly signal: AbortSignal;
  /** Releases the timer. */
  clear(): void;
}

/** Failures are system errors with `code` (`ENOENT`, `EACCES`, `ENOSPC`, …), as Node throws them. */
export interface Files {
  /** The bytes; `undefined` if there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The same as UTF-8 text, a byte-order mark kept. */
  readText(path: string): Promise<string | undefined>;
  /** Facts of what the path leads to (links followed); `undefined` if there is nothing. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** Facts of the entry itself (links not followed). */
  linkFacts(path: string): Promise<FileFacts | undefined>;
  realPath(path: string): Promise<string>;
  /** Names in a folder, sorted; empty if there is no such folder. */
  list(folder: string): Promise<string[]>;
  /**
   * Replaces the file whole: temporary file beside it, fsync, rename, fsync of the folder. After a crash at any moment the file
   * holds the old bytes or the new ones. Missing folders are made 0700. A link is followed, never replaced.
   */
  writeAtomic(path: string, data: string | Uint8Array, options: { readonly mode: number }): Promise<void>;
  /** Adds to the end in one write; makes the file with `mode`. */
  append(path: string, text: string, options: { readonly mode: number }): Promise<void>;
  makeFolder(path: string, options: { readonly mode: number }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; nothing happens if there is none. */
  remove(path: string): Promise<void>;
  /** Removes a folder that is empty; nothing happens if there is none or something is in it. */
  removeFolder(path: string): Promise<void>;
  changeMode(path: string, mode: number): Promise<void>;
}

export interface FileFacts {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly size: number;
  /** Permission bits only (`0o600`); 0 on Windows. */
  readonly mode: number;
  /** Owner; `undefined` on Windows. */
  readonly uid: number | undefined;
  /** Of a folder that others may write, like `/tmp`: nobody can remove or rename what another put there. */
  readonly sticky?: boolean;
  /** Last change, milliseconds since the epoch. */
  readonly modified: number;
}

/** Locks of the operating system: they end with their holder, however it dies. */
export interface Locks {
  /** Waits for the lock on `path` (a file of its own, made when missing). Rejects with the signal's reason. */
  acquire(path: string, signal: AbortSignal): Promise<Lock>;
  /** `undefined` if another holder has it. */
  tryAcquire(path: string): Promise<Lock | undefined>;
}

export interface Lock {
  release(): Promise<void>;
}

export interface Processes {
  /** Runs to the end. Never rejects for what the child does: `outcome` says how it ended. Its whole process group dies with it. */
  run(request: RunRequest): Promise<RunResult>;
  /** Runs a command in this process's place: its own streams and environment, signals passed on. */
  runInPlace(request: InPlaceRequest): Promise<InPlaceResult>;
  /** The process that asked for this one, looking through intermediate shells; `undefined` where the system does not tell. */
  caller(): Promise<Caller | undefined>;
}

export interface RunRequest {
  /** Program and arguments, no shell; or a command line for the system's shell (`/bin/sh -c`, `cmd.exe /d /s /c`). */
  readonly command: readonly [program: string, ...args: string[]] | { readonly shell: string };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly signal: AbortSignal;
  /** Milliseconds; the process group is ended at this age, first politely, then not. */
  readonly timeout?: number;
  /** Bytes of standard output (and as much of standard error) that are kept; more ends the process. Default 1 MiB. */
  readonly outputLimit?: number;
  /** `closed`: no standard input. `terminal`: the child inherits this process's own streams, nothing is captured. */
  readonly streams: "closed" | "terminal";
  /** Called with each whole line as it comes. */
  readonly onLine?: (line: string, from: "stdout" | "stderr") => void;
}

export interface InPlaceRequest {
  readonly command: readonly [program: string, ...args: string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface InPlaceResult {
  readonly outcome: "exited" | "not-found" | "not-executable";
  /** As a shell gives it: the exit code, or 128 and the number of the signal that ended it. */
  readonly exitCode: number;
}

export interface RunResult {
  readonly outcome: "exited" | "timed-out" | "too-much-output" | "cancelled" | "not-found" | "not-executable";
  /** Exit code; `undefined` unless `exited` by itself. */
  readonly exitCode: number | undefined;
  /** The signal's name if one ended it. */
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Caller {
  readonly pid: number;
  /** When it started, in the system's own units: together with `pid` it names a process for ever. */
  readonly started: string;
  /** Its program's name, for people. */
  readonly name: string;
}

/** One request, one answer. Proxies (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) and `AWS_CA_BUNDLE` are honoured. */
export interface Http {
  /** Rejects with `NETWORK` or `TIMED_OUT`; any HTTP status is an answer. */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole exchange; default 10 s. */
  readonly timeout?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
