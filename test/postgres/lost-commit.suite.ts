import { describe, expect as check } from "vitest";
import type { FlowSignal } from "../../src/flows/signal.ts";
import { approve, flow, run } from "../flows/conformance/flows.ts";
import { valueOf } from "../flows/conformance/rig.ts";
import { digestOf } from "../flows/conformance/steered-steps.ts";
import { storeTest } from "../flows/conformance/store-test.ts";
import { DeafProxy } from "./deaf-proxy.ts";
import { addressOf, openWith, postgres } from "./postgres-kind.ts";

const steps = flow([run("first", "true"), approve("ok", "ok?", { needs: ["first"] })]);
const by = "ada";

const digest = digestOf("ok?");
const approved = { kind: "approved", by, note: null, digest } as const;

const wishes: readonly (readonly [string, FlowSignal])[] = [
  ["approves", { kind: "decide", key: "ok", decision: approved }],
  ["goes back", { kind: "retry_from", key: "first" }],
  ["cancels", { kind: "cancel", by, reason: null }],
];

describe("a connection that breaks at the COMMIT of somebody who", () => {
  for (const [what, wish] of wishes)
    storeTest(`${what}: what is told is true`, async ({ newRig, expect }) => {
      const rig = await newRig(postgres);
      await rig.create("f", steps);
      const leaving = new AbortController();
      const working = rig.work({ signal: leaving.signal });
      await rig.untilTask("f", "ok", "waiting");
      leaving.abort();
      await working;
      const proxy = await DeafProxy.start(addressOf(rig.place), "");
      const store = valueOf(await openWith(proxy.address));
      const before = await rig.state("f");
      proxy.lose(1, "question");
      expect(await store.signal("f", wish)).toMatchObject({
        ok: false,
        failure: { message: check.stringContaining("the connection broke (") },
      });
      expect(await rig.state("f")).toEqual(before);
      proxy.lose(1);
      expect(await store.signal("f", wish)).toEqual({ ok: true, value: { kind: "taken" } });
      expect(proxy.lost).toBe(2);
      expect(await rig.state("f")).not.toEqual(before);
      await store.close();
      proxy.close();
    });
});
