import { describe } from "vitest";
import { valueOf } from "../flows/conformance/rig.ts";
import { flowScenario } from "../flows/scenarios/project.ts";
import {
  headlines,
  says,
  told,
  toldProject,
  untold,
  workersOf,
} from "../flows/scenarios/told-project.ts";
import { until } from "../rig/until.ts";
import { buttonOf } from "../telegram/project.ts";
import { addressOf, openWith, postgres } from "./postgres-kind.ts";
import { untilAsync } from "./until-async.ts";

const store = { postgres: { env: "FLOW_DATABASE" } };

const flow = `
inputs: { type: object, properties: { task: { type: string } } }
steps:
  ok: { approve: "Go on?" }
  end: { run: "true", needs: ok }
report: "by \${{ steps.ok.by }}"
`;

describe("a flow run in Postgres", () => {
  flowScenario(
    "is told of from the machine where it was begun, also when a worker elsewhere carries it on",
    async ({ newProject, expect, onTestFinished }) => {
      const here = await toldProject({ newProject, onTestFinished }, flow, { store });
      const elsewhere = await newProject({ store });
      const address = addressOf(await postgres.newPlace(here.project.rig.folder));
      const options = { env: { FLOW_DATABASE: address.url.reveal() } };
      const worker = elsewhere.rig.start(["worker"], options);
      const flows = valueOf(await openWith(address));
      await untilAsync(async () => valueOf(await flows.hasWorker(null)), "a worker");
      await here.project.run([...told, "--detach"], options);
      const question = await says(here, "❓ t-296: ok waits for an approval");
      here.api.press(question, buttonOf(question, "✅ Approve"));
      await until(() => untold(here).length === 0 && here.api.messages.length > 2, "the end");
      expect(workersOf(here.project)).toHaveLength(1);
      expect(headlines(here)).toEqual([
        "✅ t-296: complete",
        "☑️ t-296: ok waited for an approval",
        "✅ t-296: complete",
      ]);
      worker.child.kill("SIGTERM");
      await worker.end;
      await flows.close();
    },
  );
});
