import { readFileSync } from "node:fs";
import { addressOf, postgres, query } from "./postgres-kind.ts";
import { quickPace } from "../flows/conformance/pace.ts";
import { storeTest } from "../flows/conformance/store-test.ts";
import type { StoreKind } from "../flows/conformance/store-kind.ts";
import { digestOf } from "../flows/conformance/steered-steps.ts";

const dumped = new URL("../stored/flows-postgres-v1/flows.sql", import.meta.url);

/** As the first version left it, before anybody opens it. */
const stored: StoreKind = {
  ...postgres,
  newPlace: async (folder) => {
    const place = await postgres.newPlace(folder);
    await query(addressOf(place), readFileSync(dumped, "utf8").replaceAll("FOLDER", folder));
    return place;
  },
};

storeTest(
  "flow runs that the first version kept go on, also the one whose worker was killed",
  async ({ newRig, expect }) => {
    const rig = await newRig(stored, quickPace);
    expect(await rig.state("over")).toMatchObject({ end: { status: "complete" } });
    const digest = digestOf("ok?");
    const decision = { kind: "approved", by: "bob", note: null, digest } as const;
    void rig.work({
      escalation: { rules: { ageMinutes: 1, escalateTo: ["anna"] }, tell: () => undefined },
    });
    const waiting = await rig.until("asked", "anna", ({ tasks }) => {
      const task = tasks.get("ok");
      return task?.status === "waiting" && task.asked?.goneTo.join() === "anna";
    });
    const event = (await rig.events("asked")).find(({ type }) => type === "step_waiting");
    expect(waiting.tasks.get("ok")).toMatchObject({
      asked: { atMs: Date.parse(event?.at ?? "") },
    });
    expect(await rig.signal("asked", { kind: "decide", key: "ok", decision })).toEqual({
      kind: "taken",
    });
    await rig.untilNoted("code", "begins");
    rig.touch("go");
    const cut = await rig.untilEnded("cut");
    expect(cut.end).toEqual({ status: "complete" });
    expect(cut.tasks.get("code")).toMatchObject({ attempt: 1, output: { data: { x: 1 } } });
    const asked = await rig.untilEnded("asked");
    expect(asked.tasks.get("end")).toMatchObject({ output: { stdout: "released" } });
    const begun = rig.journal.filter(({ what }) => what === "begins").map(({ key }) => key);
    expect(begun.toSorted()).toEqual(["after", "code", "end", "ok"]);
  },
);
