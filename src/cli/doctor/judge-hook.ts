import type { Exchange } from "../../gateway/exchange.ts";
import type { HookProbe } from "./probe.ts";
import type { Check } from "./check.ts";
import { fail, ok, warn } from "./check.ts";

/** What the answers of an agent's gateway mean: reachable, hook on, token right. */
export function judgeHook(
  subject: string,
  place: string,
  { health, hook, token }: HookProbe,
): readonly Check[] {
  switch (health.kind) {
    case "unreachable":
      return [
        fail(
          subject,
          `${place} can't be reached: ${health.reason}`,
          "start the gateway, or correct the agent's address in the config",
        ),
      ];
    case "sick":
      return [
        fail(subject, `${place} is not healthy: ${health.reason}`, "look at the gateway's log"),
        ...judgeAnswers(subject, hook, token),
      ];
    case "healthy":
      return [
        ok(subject, `${place} is reachable and healthy`),
        ...judgeAnswers(subject, hook, token),
      ];
  }
}

function judgeAnswers(
  subject: string,
  hook: Exchange | null,
  token: Exchange | null,
): readonly Check[] {
  if (hook === null || hook.kind !== "answered") return [silentHook(subject, hook)];
  const { status } = hook.answer;
  if (status === 405) return [ok(subject, "the hook is on"), judgeToken(subject, token)];
  if (status === 401 || status === 403)
    return [guardedHook(subject, status), judgeToken(subject, token)];
  return [status >= 500 ? brokenHook(subject, status) : noHook(subject, status)];
}

function guardedHook(subject: string, status: number): Check {
  return warn(
    subject,
    `its hook can't be looked at without credentials (HTTP ${status})`,
    "check what stands between here and the gateway, such as a proxy; the next line tells whether the token is taken",
  );
}

function brokenHook(subject: string, status: number): Check {
  return fail(
    subject,
    `the gateway failed when it was asked for its hook (HTTP ${status})`,
    "look at the gateway's log, or at that of the proxy in front of it; then run doctor again",
  );
}

function silentHook(subject: string, hook: Exclude<Exchange, { kind: "answered" }> | null): Check {
  return fail(
    subject,
    `its hook can't be looked at: ${hook?.reason ?? "no answer"}`,
    "look at the gateway's log, or at that of the proxy in front of it; then run doctor again",
  );
}

function noHook(subject: string, status: number): Check {
  return fail(
    subject,
    `there is no hook at its hookPath (HTTP ${status} instead of 405)`,
    "turn hooks on at the gateway (hooks.enabled), or correct the agent's hookPath",
  );
}

function judgeToken(subject: string, token: Exchange | null): Check {
  if (token === null || token.kind !== "answered")
    return warn(
      subject,
      `the token can't be checked: ${token?.reason ?? "no answer"}`,
      "run doctor again",
    );
  const { status } = token.answer;
  if (status === 401 || status === 403)
    return fail(
      subject,
      "the gateway does not take the token",
      "set the agent's token to the gateway's hooks.token",
    );
  if (status === 429)
    return warn(
      subject,
      "the gateway has had too many wrong tokens",
      "wait a minute, correct the token, run doctor again",
    );
  if (status === 400) return ok(subject, "the token is right");
  return warn(
    subject,
    `an empty request is answered with HTTP ${status} instead of 400`,
    "check that it is an OpenClaw gateway's hook",
  );
}
