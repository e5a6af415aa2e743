/** "dlgF": tells our files from other SQLite files. */
export const APPLICATION_ID = 0x64_6c_67_46;

/**
 * What makes each version of the file out of the one before, the first out of nothing. A version that was released
 * never changes any more: a further one is added.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE flow (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ended_at TEXT,
    revision INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER NOT NULL DEFAULT 0,
    used_cost_usd REAL NOT NULL DEFAULT 0,
    used_tokens REAL NOT NULL DEFAULT 0,
    cancel TEXT,
    end TEXT
  ) STRICT;
  CREATE INDEX flow_by_name ON flow (name, number);
  CREATE INDEX flow_by_status ON flow (status, number);
  CREATE INDEX flow_by_name_and_status ON flow (name, status, number);
  CREATE INDEX flow_by_end ON flow (ended_at) WHERE ended_at IS NOT NULL;

  CREATE TABLE request (
    flow INTEGER PRIMARY KEY REFERENCES flow ON DELETE CASCADE,
    request TEXT NOT NULL
  ) STRICT;

  CREATE TABLE task (
    number INTEGER PRIMARY KEY,
    flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE,
    key TEXT NOT NULL,
    step_id TEXT NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    is_timed INTEGER NOT NULL,
    due_at_ms REAL,
    lane TEXT,
    owner INTEGER,
    held_cost_usd REAL,
    held_tokens REAL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX task_by_key ON task (flow, key);
  CREATE INDEX task_by_revision ON task (flow, revision);
  CREATE INDEX task_ready ON task (lane, is_timed, due_at_ms, number) WHERE status = 'ready';
  CREATE INDEX task_ready_in_flow ON task (flow, lane, is_timed, due_at_ms, number) WHERE status = 'ready';
  CREATE INDEX task_running ON task (owner, flow, lane) WHERE status = 'running';
  CREATE INDEX task_patience ON task (due_at_ms) WHERE status = 'waiting' AND due_at_ms IS NOT NULL;

  CREATE TABLE event (
    flow INTEGER NOT NULL REFERENCES flow ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    happening TEXT NOT NULL,
    PRIMARY KEY (flow, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE worker (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start_ticks TEXT,
    takes_any INTEGER NOT NULL,
    beat INTEGER NOT NULL DEFAULT 0,
    beat_at_ms REAL NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE worker ADD COLUMN only_flow TEXT;
  UPDATE worker SET only_flow = '' WHERE takes_any = 0;
  ALTER TABLE worker DROP COLUMN takes_any;
  `,
  `
  ALTER TABLE task ADD COLUMN asked_at_ms REAL;
  ALTER TABLE task ADD COLUMN gone_to INTEGER;
  UPDATE task SET gone_to = 0, asked_at_ms = coalesce((
      SELECT CAST(round(unixepoch(event.at, 'subsec') * 1000) AS INTEGER) FROM event
      WHERE event.flow = task.flow AND instr(happening, '{"type":"step_waiting","key":"' || task.key || '",') = 1
      ORDER BY seq DESC LIMIT 1
    ), unixepoch() * 1000)
    WHERE status = 'waiting' AND instr(state, '"waiting":{"kind":"agent_questions"') = 0;
  UPDATE task SET state = '{"asked":{"atMs":' || CAST(asked_at_ms AS INTEGER) || ',"goneTo":[]},' || substr(state, 2)
    WHERE asked_at_ms IS NOT NULL;
  CREATE INDEX task_asked ON task (gone_to, asked_at_ms) WHERE gone_to IS NOT NULL;
  `,
];
