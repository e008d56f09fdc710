import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exportedCredentials } from "../lib/expect.ts";
import { house as newHouse, type House } from "../lib/house.ts";
import { badCases, type BadCase } from "./case.ts";
import { signedIn } from "./signed-in.ts";

const STATE = ".local/state/keyspring";

function stateFolder(house: House, mode = 0o700): string {
  mkdirSync(house.stateFolder, { recursive: true, mode: 0o700 });
  chmodSync(house.stateFolder, mode);
  return house.stateFolder;
}

/** Signed in, and something is wrong with the state folder. */
function state(
  what: string,
  arrange: (house: House) => unknown,
  more: Pick<BadCase, "what" | "next"> & Partial<BadCase>,
): BadCase {
  return {
    state: what,
    arrange: async (house) => {
      await signedIn(house);
      await arrange(house);
    },
    argv: ["export"],
    exitCode: 2,
    ...more,
  };
}

badCases("state folder", [
  state("everybody may write it", (house) => stateFolder(house, 0o777), {
    what: /state\/keyspring can be written by other users \(mode 0777\)/,
    next: /^Run: chmod 700 \S*keyspring$/,
    mended: 0,
  }),
  state("its group may write it", (house) => stateFolder(house, 0o770), {
    what: /can be written by other users \(mode 0770\)/,
    next: /^Run: chmod 700 \S*keyspring$/,
    argv: ["process"],
    mended: 0,
  }),
  state(
    "everybody may write the credentials",
    (house) => {
      mkdirSync(`${stateFolder(house)}/credentials`);
      chmodSync(`${house.stateFolder}/credentials`, 0o777);
    },
    {
      what: /credentials can be written by other users/,
      next: /^Run: chmod 700 \S*credentials$/,
      mended: 0,
    },
  ),
  state("a file in its place", (house) => house.write(STATE, "mine"), {
    what: /state\/keyspring is not a folder/,
    next: /^Move it away: mv \S+ \S+\.old$/,
  }),
  state("a file in the place of the folder above", (house) => house.write(".local/state", "mine"), {
    what: /\.local\/state is something else than a folder/,
    next: /^Move it away: mv \S+\/state \S+\/state\.old$/,
  }),
  state("a file in the place of the credentials", (house) => writeFileSync(`${stateFolder(house)}/credentials`, "mine"), {
    what: /credentials is not a folder/,
    next: /^Move it away: mv/,
  }),
  state("a file in the place of the locks", (house) => writeFileSync(`${stateFolder(house)}/locks`, "mine"), {
    what: /something else stands where a folder is needed \(\S+\/locks\)/,
    next: /^Move it away: mv \S+\/locks \S+\/locks\.old$/,
  }),
  state(
    "a link that leads nowhere",
    (house) => {
      house.write(".local/state/other", "");
      symlinkSync("nowhere", house.path(STATE));
    },
    { what: /state\/keyspring is something else than a folder/, next: /^Move it away: mv \S+keyspring \S+keyspring\.old$/ },
  ),
  state("another user's", (house) => chownSync(stateFolder(house), 12_345, 12_345), {
    needs: ["root"],
    what: /keyspring belongs to another user \(uid 12345\)/,
    next: /^Run: sudo chown -R 0 \S*keyspring$/,
  }),
  state(
    "not writable",
    (house) => {
      mkdirSync(`${stateFolder(house)}/credentials`, { mode: 0o700 });
      chmodSync(house.stateFolder, 0o500);
    },
    {
      ordinaryUser: true,
      what: /permission denied \(\S+\/keyspring\/locks\)/,
      next: /^Run: chmod u\+rwX "\$\(dirname \S+locks\)" \S+locks$/,
    },
  ),
  state(
    "its folder not writable",
    (house) => {
      house.write(".local/state/other", "");
      chmodSync(house.path(".local/state"), 0o500);
    },
    {
      ordinaryUser: true,
      what: /keyspring cannot be made: \S+\/\.local\/state is not writable for you/,
      next: /^Run: chmod u\+rwX \S+\/\.local\/state \|\| sudo chown -R \d+ \S+\/\.local\/state$/,
      mended: 0,
    },
  ),
  state("on a read-only disk", (house) => mkdirSync(house.path("state")), {
    needs: ["mounts"],
    through: mounted("-t tmpfs -o ro tmpfs", "state"),
    what: /\/state\/keyspring is on a read-only disk/,
    next: /^Set KEYSPRING_STATE_DIR to a folder that can be written/,
  }),
  state("on a full disk", (house) => mkdirSync(house.path("state")), {
    needs: ["mounts"],
    through: mounted("-t tmpfs -o nr_inodes=1,size=4k tmpfs", "state"),
    what: /the disk is full: \S+\/state\/keyspring could not be written/,
    next: /^Free some space: df -h \S+\/state$/,
  }),
  state("KEYSPRING_STATE_DIR is a file", (house) => (house.env["KEYSPRING_STATE_DIR"] = house.write("state", "mine")), {
    what: /\/state is not a folder/,
    next: /^Move it away: mv \S+\/state \S+\/state\.old$/,
    argv: ["login"],
  }),
]);

/** Runs the command where `folder` of the home is another file system, which goes with it. */
function mounted(what: string, name: string): NonNullable<BadCase["through"]> {
  return (house, command) => {
    const inside = `mount ${what} "$0" && exec "$@"`;
    return [
      "unshare",
      "--mount",
      "env",
      `KEYSPRING_STATE_DIR=${house.path(name)}/keyspring`,
      "sh",
      "-c",
      inside,
      house.path(name),
      ...command,
    ];
  };
}

badCases("what lies in the state folder", [
  {
    state: "a record of settings that is no record",
    arrange: async (house) => {
      await house.keyspring("settings", "apply");
      const [name] = records(house);
      writeFileSync(`${house.stateFolder}/backups/${name}`, "{");
    },
    argv: ["settings", "remove"],
    exitCode: 2,
    what: /the record of an earlier apply cannot be read: \S+\.json/,
    next: /^Run: mv \S+\.json \S+\.broken, then run the command again/,
  },
  {
    state: "an original that is gone",
    arrange: async (house) => {
      house.write(".claude/settings.json", '{ "model": "opus" }\n');
      await house.keyspring("settings", "apply");
      for (const name of readdirSync(`${house.stateFolder}/backups`))
        if (name.endsWith(".original")) rmSync(`${house.stateFolder}/backups/${name}`);
    },
    argv: ["settings", "remove"],
    exitCode: 2,
    what: /the copy of the original settings is gone/,
    next: /by hand/,
  },
]);

function records(house: House): string[] {
  return readdirSync(`${house.stateFolder}/backups`).filter((name) => name.endsWith(".json"));
}

describe.concurrent("damage that costs a refresh and nothing else", () => {
  const DAMAGES: Readonly<Record<string, (content: string) => string | Uint8Array>> = {
    "stored credentials cut off in the middle": (content) => content.slice(0, 100),
    "stored credentials with a flipped letter": (content) => content.replace('"accessKeyId":"A', '"accessKeyId":"B'),
    "stored credentials that are empty": () => "",
    "stored credentials that are a megabyte of zeros": () => new Uint8Array(1 << 20),
  };
  for (const [name, damage] of Object.entries(DAMAGES))
    it(name, async ({ onTestFinished }) => {
      const at = await newHouse({ onFinished: onTestFinished });
      await signedIn(at);
      exportedCredentials(await at.keyspring("export"));
      const folder = `${at.stateFolder}/credentials`;
      const [file] = readdirSync(folder).filter((entry) => entry.endsWith(".json"));
      writeFileSync(`${folder}/${file}`, damage(readFileSync(`${folder}/${file}`, "utf8")));
      exportedCredentials(await at.keyspring("export"));
      expect((await at.simulator.control.counts())["sso/GetRoleCredentials"]).toBe(2);
    });
});
