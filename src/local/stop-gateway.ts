import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { readLocalGateway } from "./find-gateway.ts";
import type { LocalGateway } from "./find-gateway.ts";
import type { GatewayHome } from "./gateway-paths.ts";
import { signalProcess } from "./process-tree.ts";
import { isProcessAlive } from "../system/process-life.ts";

/** Ends the config's local gateway and the agents that it runs; the value is its pid, or null when there was none. */
export async function stopLocalGateway(
  home: GatewayHome,
  timeoutMs = 10_000,
): Promise<Result<{ readonly pid: number | null }>> {
  const gateway = readLocalGateway(home);
  if (gateway === null) return success({ pid: null });
  if (!(await isTheGateway(gateway))) {
    return failure({
      code: "unreachable",
      message: `process ${gateway.pid} does not answer as the local gateway, so it was left alone`,
      hint: `if it is the gateway, end it with: kill ${gateway.pid}`,
    });
  }
  // It may leave in this very moment by itself.
  signalProcess(gateway.pid, "SIGTERM");
  const deadline = performance.now() + timeoutMs;
  while (isProcessAlive(gateway.pid, gateway.processStart)) {
    if (performance.now() >= deadline) {
      return failure({
        code: "timeout",
        message: `the local gateway (process ${gateway.pid}) did not leave within ${timeoutMs / 1000} s`,
        hint: `end it with: kill -9 ${gateway.pid}`,
      });
    }
    await sleep(20);
  }
  return success({ pid: gateway.pid });
}

/** A pid can be reused: either the system tells processes apart, or the process knows the token. */
async function isTheGateway(gateway: LocalGateway): Promise<boolean> {
  if (gateway.processStart !== null) return true;
  const body = await getHealth(gateway);
  return body?.includes(`"pid":${gateway.pid}`) ?? false;
}

function getHealth({ origin, token }: LocalGateway): Promise<string | null> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token.reveal()}` };
    const request = get(`${origin}/healthz`, { headers, timeout: 2000, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (text: string) => {
        body = (body + text).slice(0, 10_000);
      });
      answer.once("end", () => resolve(body));
      answer.once("error", () => resolve(null));
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(null));
  });
}
