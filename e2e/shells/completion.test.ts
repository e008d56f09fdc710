import { describe, expect, it } from "vitest";
import { house, KEYSPRING, NODE, type House } from "../lib/house.ts";
import { describeWith, missingProgram } from "../lib/needs.ts";
import { openTerminal, type Terminal } from "../lib/tmux.ts";

async function installed(): Promise<House> {
  const home = await house();
  home.write("bin/keyspring", `#!/bin/sh\nexec "${NODE}" "${KEYSPRING}" "$@"\n`, 0o700);
  home.write(".aws/config", "[profile from-aws]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n");
  home.env["PATH"] = `${home.path("bin")}:${home.env["PATH"]}`;
  return home;
}

/** What bash would offer at the end of this line, by the function that the script registered. */
async function bashOffers(home: House, line: string): Promise<string[]> {
  const script = `
source <(keyspring completion bash)
line=${JSON.stringify(line)}
COMP_LINE=$line COMP_POINT=\${#line} COMP_TYPE=9
read -ra COMP_WORDS <<< "$line"
[[ $line != *' ' ]] || COMP_WORDS+=("")
COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
read -ra registered <<< "$(complete -p keyspring)"
for (( i = 0; i < \${#registered[@]}; i++ )); do [[ \${registered[i]} != -F ]] || function=\${registered[i + 1]}; done
"$function" keyspring "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { exitCode, stdout, stderr } = await home.run("bash", ["--norc", "-c", script]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout
    .split("\n")
    .map((word) => word.trim().split(/\s/)[0]!)
    .filter((word) => word !== "");
}

describe("completion in bash", () => {
  it("commands, commands of a group, options, profiles of both files, choices", async () => {
    const home = await installed();
    expect(await bashOffers(home, "keyspring ")).toEqual(
      expect.arrayContaining(["export", "refresh", "login", "settings", "demo"]),
    );
    expect(await bashOffers(home, "keyspring ")).not.toContain("claude-hook");
    expect(await bashOffers(home, "keyspring ex")).toEqual(expect.arrayContaining(["export", "exec", "explain"]));
    expect(await bashOffers(home, "keyspring ex")).not.toContain("login");
    expect((await bashOffers(home, "keyspring settings ")).toSorted()).toEqual(["apply", "check", "remove", "show"]);
    expect(await bashOffers(home, "keyspring export --")).toEqual(expect.arrayContaining(["--profile", "--guard"]));
    expect((await bashOffers(home, "keyspring export --profile ")).toSorted()).toEqual(["acme", "from-aws"]);
    expect(await bashOffers(home, "keyspring export --profile f")).toEqual(["from-aws"]);
    expect(await bashOffers(home, "keyspring env --format p")).toEqual(["powershell"]);
    expect((await bashOffers(home, "keyspring completion ")).toSorted()).toEqual(["bash", "fish", "powershell", "zsh"]);
  });

  it("a profile that a shell would carry out: offered quoted", async () => {
    const home = await installed();
    home.write(".aws/config", "[profile odd$(date)]\ncredential_process = /bin/true\n");
    expect(await bashOffers(home, "keyspring export --profile o")).toEqual([String.raw`odd\$\(date\)`]);
  });

  it("broken configuration: commands are still offered, silently", async () => {
    const home = await installed();
    home.write(".config/keyspring/config.toml", "this is [no toml");
    expect(await bashOffers(home, "keyspring ex")).toEqual(expect.arrayContaining(["export", "exec"]));
  });
});

const NO_TMUX = missingProgram("tmux", "-V");

/** A shell in a terminal with completion set up as its help says, and what TAB makes of a line. */
async function shellWith(home: House, shell: string, args: readonly string[], setUp: string): Promise<Terminal> {
  const env = { ...home.env, TERM: "xterm", PS1: "$ ", ZDOTDIR: home.home };
  const terminal = openTerminal(shell, args, { env, cwd: home.home, columns: 120 });
  await terminal.type(`${setUp} && echo set-up-do""ne`);
  await terminal.shows("set-up-done");
  return terminal;
}

async function tab(terminal: Terminal, line: string, becomes: RegExp): Promise<void> {
  terminal.press("C-l");
  // Literal keys, without Enter.
  for (const key of line) terminal.press(key === " " ? "Space" : key);
  terminal.press("Tab");
  await terminal.shows(becomes);
  terminal.press("C-c");
}

describeWith("completion in zsh", NO_TMUX ?? missingProgram("zsh", "-c", "true"), () => {
  it("TAB completes commands, options and profiles", async () => {
    const home = await installed();
    const zsh = await shellWith(
      home,
      "zsh",
      ["-f", "-i"],
      "autoload -Uz compinit && compinit -u && source <(keyspring completion zsh)",
    );
    await tab(zsh, "keyspring compl", /keyspring completion/);
    await tab(zsh, "keyspring settings app", /keyspring settings apply/);
    await tab(zsh, "keyspring export --profile from", /--profile from-aws/);
  });
});

describeWith("completion in fish", NO_TMUX ?? missingProgram("fish", "-c", "true"), () => {
  it("commands, options and profiles", async () => {
    const home = await installed();
    const offers = async (line: string): Promise<string[]> => {
      const script = `keyspring completion fish | source; complete -C '${line}'`;
      const { exitCode, stdout } = await home.run("fish", ["--no-config", "-c", script]);
      expect(exitCode).toBe(0);
      return stdout
        .split("\n")
        .map((word) => word.split("\t")[0]!)
        .filter((word) => word !== "");
    };
    expect(await offers("keyspring ex")).toEqual(expect.arrayContaining(["export", "exec", "explain"]));
    expect((await offers("keyspring settings ")).toSorted()).toEqual(["apply", "check", "remove", "show"]);
    expect((await offers("keyspring export --profile ")).toSorted()).toEqual(["acme", "from-aws"]);
  });
});
