import type { AgentEnd } from "../gateway/hook.ts";

/** A whole HTTP answer of the local gateway. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer in JSON. */
export function jsonAnswer(status: number, body: unknown): Answer {
  return {
    status,
    contentType: "application/json; charset=utf-8",
    body: JSON.stringify(body),
    headers: {},
  };
}

/** An answer in plain text. */
export function textAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, contentType: "text/plain; charset=utf-8", body, headers };
}

/** A refusal in the shape that most of the hook's refusals have. */
export function refusal(status: number, error: string): Answer {
  return jsonAnswer(status, { ok: false, error });
}

/** The run was placed: its command has been started. */
export function admittedAnswer(runId: string): Answer {
  return jsonAnswer(200, { ok: true, runId });
}

/** The run is over; a failed one is HTTP 200 as well. */
export function completedAnswer(runId: string, { completion: status, ...more }: AgentEnd): Answer {
  const replyDisposition = status === "ok" ? "visible" : "empty";
  return jsonAnswer(200, { ok: true, runId, completion: { status, replyDisposition, ...more } });
}

/** The run found no place in time, and was never started. */
export function lateAnswer(runId: string): Answer {
  return jsonAnswer(503, {
    ok: false,
    error: "hook agent run did not start before admission timeout",
    runId,
  });
}

/** The gateway is on its way out. */
export function drainingAnswer(): Answer {
  return jsonAnswer(503, {
    error: {
      message: "Gateway is temporarily unavailable while suspending or restarting",
      type: "service_unavailable",
      code: "gateway_unavailable",
    },
  });
}
