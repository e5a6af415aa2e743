import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe } from "vitest";
import { textIn } from "./commands.ts";
import { command } from "./rig.ts";
import { scenario } from "./scenario.ts";

describe("what a command prints", () => {
  scenario(
    "is kept to its end, and whole in a file when it is much",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const end = await rig.carryOut(command("seq 100000; seq 50000 >&2"), { key: "work.1.seq" });
      if (end.end !== "done") throw new Error(JSON.stringify(end));
      const folder = `${rig.project.handoffDir}/.flows/01abc/work.1.seq`;
      const sizes: Record<string, number> = { stdout: 588_895, stderr: 288_894 };
      for (const [stream, bytes] of Object.entries(sizes)) {
        const path = `${folder}/${stream}.txt`;
        const content = readFileSync(path);
        expect(content.length).toBe(bytes);
        const sha256 = createHash("sha256").update(content).digest("hex");
        expect(end.output).toMatchObject({ files: { [stream]: { path, bytes, sha256 } } });
        expect(content.toString().trimEnd().endsWith(textIn(end, stream))).toBe(true);
        expect(textIn(end, stream).length).toBeGreaterThan(64 * 1024 - 10);
      }
    },
  );

  scenario("makes no file when it is little", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.carryOut(command("head -c 65536 /dev/zero"));
    expect(existsSync(`${rig.project.handoffDir}/.flows/01abc`)).toBe(false);
  });

  scenario("is taken to its end when it is 1 GB, and kept in part", async ({ newRig, expect }) => {
    const rig = await newRig();
    const line = "head -c 1000000000 /dev/zero; echo; echo the end";
    const { end, growthMiB } = await withMemory(() =>
      rig.carryOut(command(line), { key: "flood" }),
    );
    expect(growthMiB).toBeLessThan(400);
    const text = textIn(end, "stdout");
    expect([text.length, text.slice(-9)]).toEqual([64 * 1024 - 1, "\0\nthe end"]);
    const path = `${rig.project.handoffDir}/.flows/01abc/flood/stdout.txt`;
    const content = readFileSync(path);
    expect(content.length).toBeLessThan(64 * 1024 * 1024 + 100);
    expect(content.subarray(-60).toString()).toMatch(
      /\0\n\[cut by delegate: 1000000009 bytes were printed\]\n$/,
    );
  });

  scenario("has no character cut in two", async ({ newRig, expect }) => {
    const rig = await newRig();
    const end = await rig.carryOut(command("echo xé; yes é | head -n 50000 | tr -d '\\n'"));
    expect(end).toMatchObject({ output: { stdout: expect.stringMatching(/^é+$/) } });
  });

  scenario("fails nothing when it can't be kept as a file", async ({ newRig, expect }) => {
    const rig = await newRig();
    mkdirSync(`${rig.project.handoffDir}/.flows`, { recursive: true });
    writeFileSync(`${rig.project.handoffDir}/.flows/01abc`, "in the way");
    const end = await rig.carryOut(command("seq 100000"));
    expect(end).toMatchObject({ end: "done", output: { exitCode: 0 } });
    expect(end).not.toHaveProperty("output.files");
    expect(rig.warnings).toEqual([expect.stringContaining("can't be kept as a file")]);
  });

  scenario("may go straight to its own streams by name", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.carryOut(command("echo a > /dev/stdout; echo b > /dev/stderr"))).toMatchObject(
      {
        output: { stdout: "a", stderr: "b" },
      },
    );
  });
});

/** What an action came to, and by how much this process was larger at its largest moment that was seen. */
async function withMemory<T>(act: () => Promise<T>): Promise<{ end: T; growthMiB: number }> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const looking = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  try {
    const end = await act();
    return { end, growthMiB: (Math.max(peak, process.memoryUsage.rss()) - before) / 1024 ** 2 };
  } finally {
    clearInterval(looking);
  }
}
