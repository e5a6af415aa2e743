import { findAskedStep } from "../../../src/cli/flow/asked-step.ts";
import type { Task } from "../../../src/flows/task.ts";
import { approve, flow } from "../conformance/flows.ts";
import { sqlite } from "../conformance/kinds.ts";
import { storeTest } from "../conformance/store-test.ts";

const isWaiting = (task: Task): boolean => task.status === "waiting";

storeTest("a step that is about to ask is waited for a moment", async ({ newRig, expect }) => {
  const rig = await newRig(sqlite);
  await rig.create("f", flow([approve("ok", "ok?")]));
  const asked = findAskedStep(rig.store, "f", "ok", isWaiting);
  void rig.work();
  const found = await asked;
  expect(found.ok && found.value.state.tasks.get("ok")?.status).toBe("waiting");
});

storeTest("but not for ever, and no other step is", async ({ newRig, expect }) => {
  const rig = await newRig(sqlite);
  await rig.create("f", flow([approve("ok", "ok?"), approve("later", "?", { needs: ["ok"] })]));
  const over = await findAskedStep(rig.store, "f", "ok", isWaiting, AbortSignal.abort());
  expect(over.ok && over.value.state.tasks.get("ok")?.status).toBe("ready");
  const never = new AbortController().signal;
  const later = await findAskedStep(rig.store, "f", "later", isWaiting, never);
  expect(later.ok && later.value.key).toBe("later");
  expect((await findAskedStep(rig.store, "f", "none", isWaiting, never)).ok).toBe(false);
});
