// tsyringe looks for it when it is loaded.
import "reflect-metadata";
import { container as root, instanceCachingFactory, type DependencyContainer } from "tsyringe";
import {
  createRedactor,
  createResolver,
  type CredentialStore,
  type HandoutLedger,
  type PendingSignIns,
  type Platform,
  type Redactor,
  type Resolver,
} from "@keyspring/core";
import {
  createErrorMemory,
  createFileStore,
  createHandoutLedger,
  createNotes,
  createPendingSignIns,
  folders as foldersOf,
  openLog,
  type ErrorMemory,
  type FileLog,
  type Folders,
} from "@keyspring/host";
import { createProfiles, type Profiles } from "./profiles.ts";
import type { Services } from "./services.ts";
import { createTargets, type Targets } from "./targets.ts";
import type { Terminal } from "./terminal.ts";

/** A token that knows the type of what it stands for. */
interface Token<Value> {
  readonly symbol: symbol;
  readonly value?: Value;
}
const token = <Value>(name: string): Token<Value> => ({ symbol: Symbol(name) });

const PLATFORM = token<Platform>("platform");
const FOLDERS = token<Folders>("folders");
const REDACTOR = token<Redactor>("redactor");
const LOG = token<FileLog>("log");
const PROFILES = token<Profiles>("profiles");
const TARGETS = token<Targets>("targets");
const STORE = token<CredentialStore>("store");
const LEDGER = token<HandoutLedger>("ledger");
const RESOLVER = token<Resolver>("resolver");
const PENDING = token<PendingSignIns>("pending sign-ins");
const ERRORS = token<ErrorMemory>("error memory");

export interface CompositionParts {
  readonly platform: Platform;
  readonly terminal: Terminal;
  readonly version: string;
  readonly interrupted: AbortSignal;
}

/** Puts the program together. Everything is made when it is first asked for. */
export function composeServices({ platform, terminal, version, interrupted }: CompositionParts): Services {
  const container = root.createChildContainer();
  const provide = <Value>(what: Token<Value>, make: (get: Getter) => Value): void => {
    container.register(what.symbol, { useFactory: instanceCachingFactory(() => make(get)) });
  };
  const get: Getter = (what) => resolve(container, what);

  provide(PLATFORM, () => platform);
  provide(FOLDERS, (from) => foldersOf(from(PLATFORM)));
  provide(REDACTOR, () => createRedactor());
  provide(LOG, (from) => openLog(from(PLATFORM), from(FOLDERS), from(REDACTOR)));
  provide(PROFILES, (from) => createProfiles(from(PLATFORM), from(FOLDERS)));
  provide(PENDING, (from) => createPendingSignIns(from(PLATFORM), from(FOLDERS)));
  provide(ERRORS, (from) => createErrorMemory(from(PLATFORM), from(FOLDERS)));
  provide(TARGETS, (from) =>
    createTargets({ platform, log: from(LOG), notes: (scope) => createNotes(platform, from(FOLDERS), scope) }),
  );
  provide(STORE, (from) => createFileStore(platform, from(FOLDERS), from(LOG)));
  provide(LEDGER, (from) => createHandoutLedger(platform, from(FOLDERS)));
  provide(RESOLVER, (from) => {
    const { state } = from(FOLDERS);
    return createResolver({
      platform,
      store: from(STORE),
      ledger: from(LEDGER),
      log: from(LOG),
      lockFile: (key) => platform.path.join(state, "locks", `${key.slice(0, 32)}.lock`),
      keepSecret: (value) => from(REDACTOR).add(value),
    });
  });

  return {
    platform,
    terminal,
    version,
    interrupted,
    get folders() {
      return get(FOLDERS);
    },
    get redactor() {
      return get(REDACTOR);
    },
    get log() {
      return get(LOG);
    },
    get profiles() {
      return get(PROFILES);
    },
    get targets() {
      return get(TARGETS);
    },
    get store() {
      return get(STORE);
    },
    get ledger() {
      return get(LEDGER);
    },
    get resolver() {
      return get(RESOLVER);
    },
    get pending() {
      return get(PENDING);
    },
    get errors() {
      return get(ERRORS);
    },
  };
}

type Getter = <Value>(what: Token<Value>) => Value;

function resolve<Value>(container: DependencyContainer, what: Token<Value>): Value {
  return container.resolve<Value>(what.symbol);
}
