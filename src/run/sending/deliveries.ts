import { SHORT_ADMISSION_MS, buildHookPayload } from "../../gateway/hook.ts";
import { hookCallFor, idempotencyKeyOf } from "./addressing.ts";
import { attemptMessage } from "./attempt-message.ts";
import { deliver, reattach } from "./courier.ts";
import type { Drive, DriveLoop } from "../drive.ts";
import type { CourierTools, Parcel } from "./parcel.ts";
import { storageFailure } from "../stored/run-folder.ts";

/** How long a gateway may be away, once it held our connection: OpenClaw restarts within 15 s, ours never comes back. */
const GONE_AFTER_MS = { gateway: 30_000, command: 1_000 } as const;

/** Why a delivery ends with its run; a reason of our own, for the default is an error with a stack. */
const runIsOver = "the run is over";

/** Brings a run's attempts to its agent; nothing of that is kept while the run only waits. */
export class Deliveries {
  readonly #drive: Drive;
  readonly #loop: DriveLoop;
  #stopping: AbortController | null = null;
  #count = 0;

  constructor(drive: Drive, loop: DriveLoop) {
    this.#drive = drive;
    this.#loop = loop;
  }

  /** Sends an attempt, once the run's folder is being watched; what becomes of it is reported. */
  send(attempt: number, isWatching: Promise<unknown> | null): Promise<void> {
    return this.#underway((signal) =>
      deliver(this.#parcel(attempt, isWatching), this.#courierTools(signal)),
    );
  }

  /** Connects again to the gateway that admitted an attempt, if it can be told; resolves with why it is gone, or null. */
  async reattach(
    attempt: number,
    admittedAtMs: number,
    isWatching: Promise<unknown> | null,
  ): Promise<string | null> {
    const { agent, tools } = this.#drive;
    const found = await tools.agents.find(agent, admittedAtMs);
    if (found.kind === "gone") return found.reason;
    if (found.kind === "unknown") return null;
    await isWatching;
    await this.#underway((signal) =>
      reattach(
        this.#parcel(attempt, isWatching),
        found.address,
        admittedAtMs,
        this.#courierTools(signal),
      ),
    );
    return null;
  }

  /** Ends all that is on its way to the agent, or held there. */
  end(): void {
    this.#stopping?.abort(runIsOver);
  }

  async #underway(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#stopping ??= new AbortController();
    this.#count += 1;
    try {
      await work(this.#stopping.signal);
    } finally {
      this.#count -= 1;
      if (this.#count === 0) this.#stopping = null;
    }
  }

  #parcel(attempt: number, isWatching: Promise<unknown> | null): Parcel {
    const { journal, agent, until } = this.#drive;
    return {
      attempt,
      idempotencyKey: idempotencyKeyOf(journal.request, attempt),
      body: (waitsForCompletion) => bodyOf(attempt, waitsForCompletion, this.#drive),
      checksHealth: journal.request.checksHealth && agent.kind === "gateway",
      holds: until === "ended",
      admissionMs: until === "admitted" && agent.kind === "command" ? SHORT_ADMISSION_MS : null,
      goneAfterMs: GONE_AFTER_MS[agent.kind],
      isWatching,
    };
  }

  #courierTools(signal: AbortSignal): CourierTools {
    const { journal, agent, tools } = this.#drive;
    return {
      clock: tools.clock,
      reach: () => tools.agents.reach(agent),
      report: (fact) => this.#loop.report(fact),
      holds: tools.holds,
      announce: (attempt, idempotencyKey, bodyBytes) => {
        this.#loop.report({ kind: "sending", attempt, idempotencyKey, bodyBytes });
        const { trouble, paths } = journal;
        return trouble === null ? null : storageFailure(paths.folder, trouble);
      },
      isOver: () => this.#loop.isOver,
      signal,
    };
  }
}

function bodyOf(attempt: number, waitsForCompletion: boolean, drive: Drive): string {
  const { journal, agent, tools } = drive;
  const draft = attempt === 1 && !waitsForCompletion ? (drive.draft?.take() ?? null) : null;
  const message = attemptMessage(journal, agent, tools.config, attempt, draft?.message ?? null);
  if (draft !== null) return draft.body;
  const call = hookCallFor(journal.request, agent, attempt, message);
  return JSON.stringify(buildHookPayload(call, waitsForCompletion));
}
