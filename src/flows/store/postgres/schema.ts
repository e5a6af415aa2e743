/** The schema of our own tables; those of DBOS have one of theirs, so that other programs may use DBOS in the same database. */
export const SCHEMA = "delegate";
export const DBOS_SCHEMA = "delegate_dbos";

/** Where every change is told of. */
export const CHANNEL = "delegate_flows";

/** Keys of advisory locks: "dlgF" with one of these, and "dlgW" with the number of a worker that is alive. */
export const LOCKS = 0x64_6c_67_46;
export const WORKER_LOCKS = 0x64_6c_67_57;
export const PEN_LOCK = 1;
export const SETUP_LOCK = 2;

/**
 * What makes each version of the tables out of the one before, the first out of nothing. A version that was released
 * never changes any more: a further one is added.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE delegate.flow (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    author text NOT NULL,
    created_at text NOT NULL,
    ended_at text COLLATE "C",
    revision integer NOT NULL DEFAULT 0,
    last_seq integer NOT NULL DEFAULT 0,
    used_cost_usd double precision NOT NULL DEFAULT 0,
    used_tokens double precision NOT NULL DEFAULT 0,
    cancel json,
    ending json
  );
  CREATE INDEX flow_by_name ON delegate.flow (name, number);
  CREATE INDEX flow_by_status ON delegate.flow (status, number);
  CREATE INDEX flow_by_name_and_status ON delegate.flow (name, status, number);
  CREATE INDEX flow_by_end ON delegate.flow (ended_at) WHERE ended_at IS NOT NULL;

  CREATE TABLE delegate.request (
    flow bigint PRIMARY KEY REFERENCES delegate.flow ON DELETE CASCADE,
    request json NOT NULL
  );

  CREATE TABLE delegate.task (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    flow bigint NOT NULL REFERENCES delegate.flow ON DELETE CASCADE,
    key text COLLATE "C" NOT NULL,
    step_id text NOT NULL,
    status text COLLATE "C" NOT NULL,
    attempt integer NOT NULL,
    revision integer NOT NULL,
    due_at_ms double precision,
    lane text COLLATE "C",
    owner bigint,
    execution integer NOT NULL DEFAULT 0,
    held_cost_usd double precision,
    held_tokens double precision,
    state json NOT NULL,
    UNIQUE (flow, key)
  );
  CREATE INDEX task_by_revision ON delegate.task (flow, revision);
  CREATE INDEX task_ready ON delegate.task (lane, due_at_ms, number) WHERE status = 'ready';
  CREATE INDEX task_ready_in_flow ON delegate.task (flow, lane, due_at_ms, number) WHERE status = 'ready';
  CREATE INDEX task_running ON delegate.task (owner, flow, lane) WHERE status = 'running';
  CREATE INDEX task_due ON delegate.task (due_at_ms) WHERE due_at_ms IS NOT NULL;

  CREATE TABLE delegate.event (
    flow bigint NOT NULL REFERENCES delegate.flow ON DELETE CASCADE,
    seq integer NOT NULL,
    at text NOT NULL,
    happening json NOT NULL,
    PRIMARY KEY (flow, seq)
  );

  CREATE TABLE delegate.worker (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    executor text NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    start_ticks text,
    takes_any boolean NOT NULL,
    is_gone boolean NOT NULL DEFAULT false,
    beat integer NOT NULL DEFAULT 0
  );
  `,
  `
  ALTER TABLE delegate.worker ADD COLUMN only_flow text;
  UPDATE delegate.worker SET only_flow = '' WHERE NOT takes_any;
  ALTER TABLE delegate.worker DROP COLUMN takes_any;
  `,
  `
  ALTER TABLE delegate.task ADD COLUMN is_timed boolean NOT NULL DEFAULT false;
  UPDATE delegate.task SET is_timed = true
    WHERE status = 'ready' AND (state ->> 'dueAtMs')::double precision > 0;
  DROP INDEX delegate.task_ready;
  DROP INDEX delegate.task_ready_in_flow;
  CREATE INDEX task_ready ON delegate.task (lane, is_timed, due_at_ms, number) WHERE status = 'ready';
  CREATE INDEX task_ready_in_flow ON delegate.task (flow, lane, is_timed, due_at_ms, number) WHERE status = 'ready';
  `,
  `
  ALTER TABLE delegate.task ADD COLUMN asked_at_ms double precision, ADD COLUMN gone_to integer;
  UPDATE delegate.task SET gone_to = 0, asked_at_ms = coalesce((
      SELECT round(extract(epoch FROM event.at::timestamptz) * 1000) FROM delegate.event
      WHERE event.flow = task.flow
        AND starts_with(event.happening::text, '{"type":"step_waiting","key":"' || task.key || '",')
      ORDER BY seq DESC LIMIT 1
    ), round(extract(epoch FROM now()) * 1000))
    WHERE status = 'waiting' AND strpos(state::text, '"waiting":{"kind":"agent_questions"') = 0;
  UPDATE delegate.task
    SET state = ('{"asked":{"atMs":' || asked_at_ms::bigint || ',"goneTo":[]},' || substr(state::text, 2))::json
    WHERE asked_at_ms IS NOT NULL;
  CREATE INDEX task_asked ON delegate.task (gone_to, asked_at_ms) WHERE gone_to IS NOT NULL;
  `,
];
