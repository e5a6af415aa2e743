SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA delegate;
CREATE SCHEMA delegate_dbos;
CREATE FUNCTION delegate_dbos.enqueue_workflow(workflow_name text, queue_name text, positional_args json[] DEFAULT ARRAY[]::json[], named_args json DEFAULT '{}'::json, class_name text DEFAULT NULL::text, config_name text DEFAULT NULL::text, workflow_id text DEFAULT NULL::text, app_version text DEFAULT NULL::text, timeout_ms bigint DEFAULT NULL::bigint, deadline_epoch_ms bigint DEFAULT NULL::bigint, deduplication_id text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, queue_partition_key text DEFAULT NULL::text, authenticated_user text DEFAULT NULL::text, authenticated_roles text DEFAULT NULL::text, delay_until_epoch_ms bigint DEFAULT NULL::bigint, application_name text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_workflow_id TEXT;
    v_serialized_inputs TEXT;
    v_owner_xid TEXT;
    v_now BIGINT;
    v_recovery_attempts INT4 := 0;
    v_priority INT4;
    v_status TEXT;
BEGIN
    -- Validate required parameters
    IF workflow_name IS NULL OR workflow_name = '' THEN
        RAISE EXCEPTION 'Workflow name cannot be null or empty';
    END IF;
    IF queue_name IS NULL OR queue_name = '' THEN
        RAISE EXCEPTION 'Queue name cannot be null or empty';
    END IF;
    IF named_args IS NOT NULL AND jsonb_typeof(named_args::jsonb) != 'object' THEN
        RAISE EXCEPTION 'Named args must be a JSON object';
    END IF;
    IF workflow_id IS NOT NULL AND workflow_id = '' THEN
        RAISE EXCEPTION 'Workflow ID cannot be an empty string if provided.';
    END IF;
    IF delay_until_epoch_ms IS NOT NULL AND delay_until_epoch_ms < 0 THEN
        RAISE EXCEPTION 'delay_until_epoch_ms must be >= 0';
    END IF;
    v_workflow_id := COALESCE(workflow_id, gen_random_uuid()::TEXT);
    v_owner_xid := gen_random_uuid()::TEXT;
    v_priority := COALESCE(priority, 0);
    v_serialized_inputs := json_build_object(
        'positionalArgs', positional_args,
        'namedArgs', named_args
    )::TEXT;
    v_now := EXTRACT(epoch FROM now()) * 1000;
    v_status := CASE WHEN delay_until_epoch_ms IS NULL THEN 'ENQUEUED' ELSE 'DELAYED' END;
    INSERT INTO "delegate_dbos".workflow_status (
        workflow_uuid, status,
        name, class_name, config_name,
        queue_name, deduplication_id, priority, queue_partition_key,
        application_version,
        created_at, updated_at, recovery_attempts,
        workflow_timeout_ms, workflow_deadline_epoch_ms,
        parent_workflow_id, owner_xid, serialization,
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    ) VALUES (
        v_workflow_id, v_status,
        workflow_name, class_name, config_name,
        queue_name, deduplication_id, v_priority, queue_partition_key,
        app_version,
        v_now, v_now, v_recovery_attempts,
        timeout_ms, deadline_epoch_ms,
        NULL, v_owner_xid, 'portable_json',
        authenticated_user, authenticated_roles,
        delay_until_epoch_ms, application_name
    )
    ON CONFLICT (workflow_uuid)
    DO UPDATE SET
        updated_at = EXCLUDED.updated_at;
    INSERT INTO "delegate_dbos".workflow_input (
        workflow_uuid, inputs, retention_timestamp
    ) VALUES (
        v_workflow_id, v_serialized_inputs, v_now
    )
    ON CONFLICT (workflow_uuid) DO NOTHING;
    RETURN v_workflow_id;
EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION 'DBOS queue duplicated'
            USING DETAIL = format('Workflow %s with queue %s and deduplication ID %s already exists', v_workflow_id, queue_name, deduplication_id),
                ERRCODE = 'unique_violation';
END;
$$;
CREATE FUNCTION delegate_dbos.send_message(destination_id text, message json, topic text DEFAULT NULL::text, message_id text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
        DECLARE
            v_topic TEXT := COALESCE(topic, '__null__topic__');
            v_message_id TEXT := COALESCE(message_id, gen_random_uuid()::TEXT);
        BEGIN
            INSERT INTO "delegate_dbos".notifications (
                destination_uuid, topic, message, message_uuid, serialization
            ) VALUES (
                destination_id, v_topic, message, v_message_id, 'portable_json'
            )
            ON CONFLICT (message_uuid) DO NOTHING;
        EXCEPTION
            WHEN foreign_key_violation THEN
                RAISE EXCEPTION 'DBOS non-existent workflow'
                   USING DETAIL = format('Destination workflow %s does not exist', destination_id),
                        ERRCODE = 'foreign_key_violation';
        END;
        $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE delegate.event (
    flow bigint NOT NULL,
    seq integer NOT NULL,
    at text NOT NULL,
    happening json NOT NULL
);
CREATE TABLE delegate.flow (
    number bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    author text NOT NULL,
    created_at text NOT NULL,
    ended_at text COLLATE pg_catalog."C",
    revision integer DEFAULT 0 NOT NULL,
    last_seq integer DEFAULT 0 NOT NULL,
    used_cost_usd double precision DEFAULT 0 NOT NULL,
    used_tokens double precision DEFAULT 0 NOT NULL,
    cancel json,
    ending json
);
ALTER TABLE delegate.flow ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME delegate.flow_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE delegate.request (
    flow bigint NOT NULL,
    request json NOT NULL
);
CREATE TABLE delegate.task (
    number bigint NOT NULL,
    flow bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    step_id text NOT NULL,
    status text NOT NULL COLLATE pg_catalog."C",
    attempt integer NOT NULL,
    revision integer NOT NULL,
    due_at_ms double precision,
    lane text COLLATE pg_catalog."C",
    owner bigint,
    execution integer DEFAULT 0 NOT NULL,
    held_cost_usd double precision,
    held_tokens double precision,
    state json NOT NULL
);
ALTER TABLE delegate.task ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME delegate.task_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE delegate.version (
    version integer NOT NULL
);
CREATE TABLE delegate.worker (
    number bigint NOT NULL,
    executor text NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    start_ticks text,
    takes_any boolean NOT NULL,
    is_gone boolean DEFAULT false NOT NULL,
    beat integer DEFAULT 0 NOT NULL
);
ALTER TABLE delegate.worker ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME delegate.worker_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE delegate_dbos.application_versions (
    version_id text NOT NULL,
    version_name text NOT NULL,
    version_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    created_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    application_name text
);
CREATE TABLE delegate_dbos.dbos_migrations (
    version bigint NOT NULL
);
CREATE TABLE delegate_dbos.event_dispatch_kv (
    service_name text NOT NULL,
    workflow_fn_name text NOT NULL,
    key text NOT NULL,
    value text,
    update_seq numeric(38,0),
    update_time numeric(38,15)
);
CREATE TABLE delegate_dbos.notifications (
    message_uuid text DEFAULT gen_random_uuid() NOT NULL,
    destination_uuid text NOT NULL,
    topic text,
    message text NOT NULL,
    created_at_epoch_ms bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    serialization text,
    consumed boolean DEFAULT false NOT NULL,
    consumed_by_function_id integer
);
CREATE TABLE delegate_dbos.operation_outputs (
    workflow_uuid text NOT NULL,
    function_id integer NOT NULL,
    function_name text DEFAULT ''::text NOT NULL,
    output text,
    error text,
    child_workflow_id text,
    started_at_epoch_ms bigint,
    completed_at_epoch_ms bigint,
    serialization text,
    application_name text,
    retention_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL
);
CREATE TABLE delegate_dbos.queues (
    queue_id text DEFAULT (gen_random_uuid())::text NOT NULL,
    name text NOT NULL,
    concurrency integer,
    worker_concurrency integer,
    rate_limit_max integer,
    rate_limit_period_sec double precision,
    priority_enabled boolean DEFAULT false NOT NULL,
    partition_queue boolean DEFAULT false NOT NULL,
    polling_interval_sec double precision DEFAULT 1.0 NOT NULL,
    created_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    updated_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    application_name text,
    partition_concurrency integer,
    partition_worker_concurrency integer,
    partition_rate_limit_max integer,
    partition_rate_limit_period_sec double precision
);
CREATE TABLE delegate_dbos.streams (
    workflow_uuid text NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    "offset" integer NOT NULL,
    function_id integer DEFAULT 0 NOT NULL,
    serialization text
);
CREATE TABLE delegate_dbos.workflow_events (
    workflow_uuid text NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    serialization text
);
CREATE TABLE delegate_dbos.workflow_events_history (
    workflow_uuid text NOT NULL,
    function_id integer NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    serialization text
);
CREATE TABLE delegate_dbos.workflow_input (
    workflow_uuid text NOT NULL,
    inputs text,
    retention_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL
);
CREATE TABLE delegate_dbos.workflow_output (
    workflow_uuid text NOT NULL,
    output text,
    error text,
    retention_timestamp bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL
);
CREATE TABLE delegate_dbos.workflow_schedules (
    schedule_id text NOT NULL,
    schedule_name text NOT NULL,
    workflow_name text NOT NULL,
    workflow_class_name text,
    schedule text NOT NULL,
    status text DEFAULT 'ACTIVE'::text NOT NULL,
    context text NOT NULL,
    last_fired_at text,
    automatic_backfill boolean DEFAULT false NOT NULL,
    cron_timezone text,
    queue_name text,
    application_name text
);
CREATE TABLE delegate_dbos.workflow_status (
    workflow_uuid text NOT NULL,
    status text,
    name text,
    authenticated_user text,
    assumed_role text,
    authenticated_roles text,
    request text,
    output text,
    error text,
    executor_id text,
    created_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    updated_at bigint DEFAULT ((EXTRACT(epoch FROM now()) * 1000.0))::bigint NOT NULL,
    application_version text,
    application_id text,
    class_name character varying(255) DEFAULT NULL::character varying,
    config_name character varying(255) DEFAULT NULL::character varying,
    recovery_attempts bigint DEFAULT 0,
    queue_name text,
    workflow_timeout_ms bigint,
    workflow_deadline_epoch_ms bigint,
    inputs text,
    started_at_epoch_ms bigint,
    deduplication_id text,
    priority integer DEFAULT 0 NOT NULL,
    queue_partition_key text,
    forked_from text,
    owner_xid text,
    parent_workflow_id text,
    serialization text,
    delay_until_epoch_ms bigint,
    was_forked_from boolean DEFAULT false NOT NULL,
    rate_limited boolean DEFAULT false NOT NULL,
    completed_at bigint,
    attributes jsonb,
    schedule_name text,
    debounce_deadline_epoch_ms bigint,
    is_debounced boolean DEFAULT false NOT NULL,
    application_name text,
    creator_xid text
);
INSERT INTO delegate.event VALUES (1, 1, '2026-11-21T17:50:56.770Z', '{"type":"flow_created","name":"test","author":"ada"}');
INSERT INTO delegate.event VALUES (1, 2, '2026-11-21T17:50:56.770Z', '{"type":"step_ready","key":"one","attempt":1}');
INSERT INTO delegate.event VALUES (2, 1, '2026-11-21T17:50:56.787Z', '{"type":"flow_created","name":"test","author":"ada"}');
INSERT INTO delegate.event VALUES (2, 2, '2026-11-21T17:50:56.787Z', '{"type":"step_ready","key":"build","attempt":1}');
INSERT INTO delegate.event VALUES (3, 1, '2026-11-21T17:50:56.801Z', '{"type":"flow_created","name":"test","author":"ada"}');
INSERT INTO delegate.event VALUES (3, 2, '2026-11-21T17:50:56.801Z', '{"type":"step_ready","key":"before","attempt":1}');
INSERT INTO delegate.event VALUES (1, 3, '2026-11-21T17:50:57.853Z', '{"type":"step_started","key":"one","attempt":1,"worker":"elsewhere:30605"}');
INSERT INTO delegate.event VALUES (2, 3, '2026-11-21T17:50:57.853Z', '{"type":"step_started","key":"build","attempt":1,"worker":"elsewhere:30605"}');
INSERT INTO delegate.event VALUES (3, 3, '2026-11-21T17:50:57.853Z', '{"type":"step_started","key":"before","attempt":1,"worker":"elsewhere:30605"}');
INSERT INTO delegate.event VALUES (2, 4, '2026-11-21T17:50:57.908Z', '{"type":"step_done","key":"build","attempt":1}');
INSERT INTO delegate.event VALUES (2, 5, '2026-11-21T17:50:57.908Z', '{"type":"step_ready","key":"ok","attempt":1}');
INSERT INTO delegate.event VALUES (2, 6, '2026-11-21T17:50:57.908Z', '{"type":"step_started","key":"ok","attempt":1,"worker":"elsewhere:30605"}');
INSERT INTO delegate.event VALUES (3, 4, '2026-11-21T17:50:57.917Z', '{"type":"step_done","key":"before","attempt":1}');
INSERT INTO delegate.event VALUES (3, 5, '2026-11-21T17:50:57.917Z', '{"type":"step_ready","key":"code","attempt":1}');
INSERT INTO delegate.event VALUES (1, 4, '2026-11-21T17:50:57.917Z', '{"type":"step_done","key":"one","attempt":1}');
INSERT INTO delegate.event VALUES (1, 5, '2026-11-21T17:50:57.917Z', '{"type":"flow_ended","end":{"status":"complete"}}');
INSERT INTO delegate.event VALUES (2, 7, '2026-11-21T17:50:57.917Z', '{"type":"step_waiting","key":"ok","what":"ok?"}');
INSERT INTO delegate.event VALUES (3, 6, '2026-11-21T17:50:57.917Z', '{"type":"step_started","key":"code","attempt":1,"worker":"elsewhere:30605"}');
INSERT INTO delegate.flow OVERRIDING SYSTEM VALUE VALUES (1, 'over', 'test', 'complete', 'ada', '2026-11-21T17:50:56.724Z', '2026-11-21T17:50:57.917Z', 3, 5, 0, 0, NULL, '{"status":"complete"}');
INSERT INTO delegate.flow OVERRIDING SYSTEM VALUE VALUES (2, 'asked', 'test', 'waiting', 'ada', '2026-11-21T17:50:56.787Z', NULL, 5, 7, 0, 0, NULL, NULL);
INSERT INTO delegate.flow OVERRIDING SYSTEM VALUE VALUES (3, 'cut', 'test', 'running', 'ada', '2026-11-21T17:50:56.799Z', NULL, 4, 6, 0, 0, NULL, NULL);
INSERT INTO delegate.request VALUES (1, '{"schema":"delegate.flow-run.v1","flowRunId":"over","createdAt":"2026-11-21T17:50:56.724Z","flow":{"schema":"delegate.flow.v1","name":"test","description":"for a test","category":null,"inputs":null,"agents":{"coder":"coder","reviewer":"auditor"},"personas":{},"budget":null,"steps":[{"needs":[],"when":null,"onFailure":"fail","retry":{"attempts":1,"baseMs":10,"maxMs":20},"outputs":{},"timeoutMs":null,"recovery":"rerun","group":null,"kind":"run","id":"one","command":"true","cwd":null,"env":{}}],"report":null},"inputs":{},"agents":{"coder":"coder","reviewer":"auditor"},"author":"ada","cwd":"FOLDER","configPath":"FOLDER/delegate.config.json"}');
INSERT INTO delegate.request VALUES (2, '{"schema":"delegate.flow-run.v1","flowRunId":"asked","createdAt":"2026-11-21T17:50:56.787Z","flow":{"schema":"delegate.flow.v1","name":"test","description":"for a test","category":null,"inputs":null,"agents":{"coder":"coder","reviewer":"auditor"},"personas":{},"budget":null,"steps":[{"needs":[],"when":null,"onFailure":"fail","retry":{"attempts":1,"baseMs":10,"maxMs":20},"outputs":{},"timeoutMs":null,"recovery":"rerun","group":null,"kind":"run","id":"build","command":"echo v1","cwd":null,"env":{}},{"needs":["build"],"when":null,"onFailure":"fail","retry":{"attempts":1,"baseMs":10,"maxMs":20},"outputs":{},"timeoutMs":null,"recovery":"rerun","group":null,"kind":"approve","id":"ok","message":"ok?","show":null,"requiredApprovers":[]},{"needs":["ok"],"when":null,"onFailure":"fail","retry":{"attempts":1,"baseMs":10,"maxMs":20},"outputs":{},"timeoutMs":null,"recovery":"rerun","group":null,"kind":"run","id":"end","command":"echo released","cwd":null,"env":{}}],"report":null},"inputs":{},"agents":{"coder":"coder","reviewer":"auditor"},"author":"ada","cwd":"FOLDER","configPath":"FOLDER/delegate.config.json"}');
INSERT INTO delegate.request VALUES (3, '{"schema":"delegate.flow-run.v1","flowRunId":"cut","createdAt":"2026-11-21T17:50:56.799Z","flow":{"schema":"delegate.flow.v1","name":"test","description":"for a test","category":null,"inputs":null,"agents":{"coder":"coder","reviewer":"auditor"},"personas":{},"budget":null,"steps":[{"needs":[],"when":null,"onFailure":"fail","retry":{"attempts":1,"baseMs":10,"maxMs":20},"outputs":{},"timeoutMs":null,"recovery":"rerun","group":null,"kind":"run","id":"before","command":"true","cwd":null,"env":{}},{"needs":["before"],"when":null,"onFailure":"fail","retry":{"attempts":1,"baseMs":10,"maxMs":20},"outputs":{},"timeoutMs":null,"recovery":"rerun","group":null,"kind":"agent","id":"code","agent":"coder","task":"{\"until\":\"go\",\"data\":{\"x\":1}}","persona":null,"mode":"write","dataSchema":null,"attempts":null,"idleTimeoutMs":null,"reserve":null},{"needs":["code"],"when":null,"onFailure":"fail","retry":{"attempts":1,"baseMs":10,"maxMs":20},"outputs":{},"timeoutMs":null,"recovery":"rerun","group":null,"kind":"run","id":"after","command":"true","cwd":null,"env":{}}],"report":null},"inputs":{},"agents":{"coder":"coder","reviewer":"auditor"},"author":"ada","cwd":"FOLDER","configPath":"FOLDER/delegate.config.json"}');
INSERT INTO delegate.task OVERRIDING SYSTEM VALUE VALUES (2, 2, 'build', 'build', 'done', 1, 3, NULL, NULL, NULL, 1, NULL, NULL, '{"status":"done","attempt":1,"output":{"exitCode":0,"stdout":"v1","pid":30605}}');
INSERT INTO delegate.task OVERRIDING SYSTEM VALUE VALUES (3, 3, 'before', 'before', 'done', 1, 3, NULL, NULL, NULL, 1, NULL, NULL, '{"status":"done","attempt":1,"output":{"exitCode":0,"stdout":"","pid":30605}}');
INSERT INTO delegate.task OVERRIDING SYSTEM VALUE VALUES (1, 1, 'one', 'one', 'done', 1, 3, NULL, NULL, NULL, 1, NULL, NULL, '{"status":"done","attempt":1,"output":{"exitCode":0,"stdout":"","pid":30605}}');
INSERT INTO delegate.task OVERRIDING SYSTEM VALUE VALUES (8, 2, 'ok', 'ok', 'waiting', 1, 5, NULL, NULL, NULL, 1, NULL, NULL, '{"status":"waiting","attempt":1,"lastAttempt":1,"work":{"kind":"approve","message":"ok?","show":null,"requiredApprovers":[],"timeoutMs":null},"waiting":{"kind":"approval","message":"ok?","shown":null,"digest":"c1b56f8ad4b11eb85f510ac7b5a990055fffa2cb3b2fd54c951563a1b1831939","requiredApprovers":[]},"dueAtMs":null}');
INSERT INTO delegate.task OVERRIDING SYSTEM VALUE VALUES (11, 3, 'code', 'code', 'running', 1, 4, NULL, '["coder",null,null,null]', 1, 1, NULL, NULL, '{"status":"running","attempt":1,"lastAttempt":1,"work":{"kind":"agent","agent":"coder","task":"{\"until\":\"go\",\"data\":{\"x\":1}}","mode":"write","dataSchema":null,"attempts":null,"timeoutMs":null,"idleTimeoutMs":null},"decision":null}');
INSERT INTO delegate.version VALUES (1);
INSERT INTO delegate.worker OVERRIDING SYSTEM VALUE VALUES (1, '8817f8d5-4533-4d07-b14c-dccef27efe0b', 'elsewhere pid:[4026531836]', 30605, '1338116', true, false, 3);
INSERT INTO delegate_dbos.application_versions VALUES ('e41dda2d-0b58-4073-ace8-a959a68d4794', 'delegate-execution-1', 1795283457829, 1795283457829, 'delegate');
INSERT INTO delegate_dbos.dbos_migrations VALUES (123);
INSERT INTO delegate_dbos.operation_outputs VALUES ('asked/build#1', 0, 'carry out', '{"json":{"end":"done","output":{"exitCode":0,"stdout":"v1","pid":30605},"usage":null},"__dbos_serializer":"superjson"}', NULL, NULL, 1795283457872, 1795283457905, 'js_superjson', 'delegate', 1795283457905);
INSERT INTO delegate_dbos.operation_outputs VALUES ('cut/before#1', 0, 'carry out', '{"json":{"end":"done","output":{"exitCode":0,"stdout":"","pid":30605},"usage":null},"__dbos_serializer":"superjson"}', NULL, NULL, 1795283457872, 1795283457903, 'js_superjson', 'delegate', 1795283457906);
INSERT INTO delegate_dbos.operation_outputs VALUES ('over/one#1', 0, 'carry out', '{"json":{"end":"done","output":{"exitCode":0,"stdout":"","pid":30605},"usage":null},"__dbos_serializer":"superjson"}', NULL, NULL, 1795283457871, 1795283457904, 'js_superjson', 'delegate', 1795283457906);
INSERT INTO delegate_dbos.workflow_input VALUES ('cut/before#1', '{"json":[{"flowRunId":"cut","key":"before","number":1}],"__dbos_serializer":"superjson"}', 1795283457868);
INSERT INTO delegate_dbos.workflow_input VALUES ('over/one#1', '{"json":[{"flowRunId":"over","key":"one","number":1}],"__dbos_serializer":"superjson"}', 1795283457868);
INSERT INTO delegate_dbos.workflow_input VALUES ('asked/build#1', '{"json":[{"flowRunId":"asked","key":"build","number":1}],"__dbos_serializer":"superjson"}', 1795283457867);
INSERT INTO delegate_dbos.workflow_input VALUES ('cut/code#1', '{"json":[{"flowRunId":"cut","key":"code","number":1}],"__dbos_serializer":"superjson"}', 1795283457927);
INSERT INTO delegate_dbos.workflow_output VALUES ('asked/build#1', '{"json":null,"meta":{"values":["undefined"]},"__dbos_serializer":"superjson"}', NULL, 1795283457917);
INSERT INTO delegate_dbos.workflow_output VALUES ('cut/before#1', '{"json":null,"meta":{"values":["undefined"]},"__dbos_serializer":"superjson"}', NULL, 1795283457928);
INSERT INTO delegate_dbos.workflow_output VALUES ('over/one#1', '{"json":null,"meta":{"values":["undefined"]},"__dbos_serializer":"superjson"}', NULL, 1795283457941);
INSERT INTO delegate_dbos.workflow_status VALUES ('asked/build#1', 'SUCCESS', 'execution', '', '', '[]', NULL, NULL, NULL, '8817f8d5-4533-4d07-b14c-dccef27efe0b', 1795283457867, 1795283457917, 'delegate-execution-1', '', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 'js_superjson', NULL, false, false, 1795283457917, NULL, NULL, NULL, false, 'delegate', '33f1a016-b947-426b-b95a-2bac4c534a3e');
INSERT INTO delegate_dbos.workflow_status VALUES ('cut/before#1', 'SUCCESS', 'execution', '', '', '[]', NULL, NULL, NULL, '8817f8d5-4533-4d07-b14c-dccef27efe0b', 1795283457868, 1795283457928, 'delegate-execution-1', '', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 'js_superjson', NULL, false, false, 1795283457928, NULL, NULL, NULL, false, 'delegate', '8783cb45-4605-463c-af11-ea141c0f0b67');
INSERT INTO delegate_dbos.workflow_status VALUES ('cut/code#1', 'PENDING', 'execution', '', '', '[]', NULL, NULL, NULL, '8817f8d5-4533-4d07-b14c-dccef27efe0b', 1795283457927, 1795283457927, 'delegate-execution-1', '', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, 'e67cf0fa-0fac-498f-ae35-0222fa37e869', NULL, 'js_superjson', NULL, false, false, NULL, NULL, NULL, NULL, false, 'delegate', 'e67cf0fa-0fac-498f-ae35-0222fa37e869');
INSERT INTO delegate_dbos.workflow_status VALUES ('over/one#1', 'SUCCESS', 'execution', '', '', '[]', NULL, NULL, NULL, '8817f8d5-4533-4d07-b14c-dccef27efe0b', 1795283457868, 1795283457941, 'delegate-execution-1', '', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 'js_superjson', NULL, false, false, 1795283457941, NULL, NULL, NULL, false, 'delegate', '3e4f4970-c53a-449b-b1a9-0d59a541a43b');
SELECT pg_catalog.setval('delegate.flow_number_seq', 3, true);
SELECT pg_catalog.setval('delegate.task_number_seq', 14, true);
SELECT pg_catalog.setval('delegate.worker_number_seq', 1, true);
ALTER TABLE ONLY delegate.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (flow, seq);
ALTER TABLE ONLY delegate.flow
    ADD CONSTRAINT flow_id_key UNIQUE (id);
ALTER TABLE ONLY delegate.flow
    ADD CONSTRAINT flow_pkey PRIMARY KEY (number);
ALTER TABLE ONLY delegate.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (flow);
ALTER TABLE ONLY delegate.task
    ADD CONSTRAINT task_flow_key_key UNIQUE (flow, key);
ALTER TABLE ONLY delegate.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (number);
ALTER TABLE ONLY delegate.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (number);
ALTER TABLE ONLY delegate_dbos.application_versions
    ADD CONSTRAINT application_versions_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY delegate_dbos.application_versions
    ADD CONSTRAINT application_versions_version_name_key UNIQUE (version_name);
ALTER TABLE ONLY delegate_dbos.dbos_migrations
    ADD CONSTRAINT dbos_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY delegate_dbos.event_dispatch_kv
    ADD CONSTRAINT event_dispatch_kv_pkey PRIMARY KEY (service_name, workflow_fn_name, key);
ALTER TABLE ONLY delegate_dbos.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (message_uuid);
ALTER TABLE ONLY delegate_dbos.operation_outputs
    ADD CONSTRAINT operation_outputs_pkey PRIMARY KEY (workflow_uuid, function_id);
ALTER TABLE ONLY delegate_dbos.queues
    ADD CONSTRAINT queues_name_key UNIQUE (name);
ALTER TABLE ONLY delegate_dbos.queues
    ADD CONSTRAINT queues_pkey PRIMARY KEY (queue_id);
ALTER TABLE ONLY delegate_dbos.streams
    ADD CONSTRAINT streams_pkey PRIMARY KEY (workflow_uuid, key, "offset");
ALTER TABLE ONLY delegate_dbos.workflow_events_history
    ADD CONSTRAINT workflow_events_history_pkey PRIMARY KEY (workflow_uuid, function_id, key);
ALTER TABLE ONLY delegate_dbos.workflow_events
    ADD CONSTRAINT workflow_events_pkey PRIMARY KEY (workflow_uuid, key);
ALTER TABLE ONLY delegate_dbos.workflow_input
    ADD CONSTRAINT workflow_input_pkey PRIMARY KEY (workflow_uuid);
ALTER TABLE ONLY delegate_dbos.workflow_output
    ADD CONSTRAINT workflow_output_pkey PRIMARY KEY (workflow_uuid);
ALTER TABLE ONLY delegate_dbos.workflow_schedules
    ADD CONSTRAINT workflow_schedules_pkey PRIMARY KEY (schedule_id);
ALTER TABLE ONLY delegate_dbos.workflow_schedules
    ADD CONSTRAINT workflow_schedules_schedule_name_key UNIQUE (schedule_name);
ALTER TABLE ONLY delegate_dbos.workflow_status
    ADD CONSTRAINT workflow_status_pkey PRIMARY KEY (workflow_uuid);
CREATE INDEX flow_by_end ON delegate.flow USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX flow_by_name ON delegate.flow USING btree (name, number);
CREATE INDEX flow_by_name_and_status ON delegate.flow USING btree (name, status, number);
CREATE INDEX flow_by_status ON delegate.flow USING btree (status, number);
CREATE INDEX task_by_revision ON delegate.task USING btree (flow, revision);
CREATE INDEX task_due ON delegate.task USING btree (due_at_ms) WHERE (due_at_ms IS NOT NULL);
CREATE INDEX task_ready ON delegate.task USING btree (lane, due_at_ms, number) WHERE (status = 'ready'::text);
CREATE INDEX task_ready_in_flow ON delegate.task USING btree (flow, lane, due_at_ms, number) WHERE (status = 'ready'::text);
CREATE INDEX task_running ON delegate.task USING btree (owner, flow, lane) WHERE (status = 'running'::text);
CREATE INDEX idx_operation_outputs_completed_at_function_name_v2 ON delegate_dbos.operation_outputs USING btree (completed_at_epoch_ms, function_name) INCLUDE (application_name);
CREATE INDEX idx_operation_outputs_retention ON delegate_dbos.operation_outputs USING btree (retention_timestamp);
CREATE INDEX idx_workflow_input_retention ON delegate_dbos.workflow_input USING btree (retention_timestamp);
CREATE INDEX idx_workflow_output_retention ON delegate_dbos.workflow_output USING btree (retention_timestamp);
CREATE INDEX idx_workflow_status_attributes ON delegate_dbos.workflow_status USING gin (attributes) WHERE (attributes IS NOT NULL);
CREATE INDEX idx_workflow_status_completed_at ON delegate_dbos.workflow_status USING btree (completed_at) WHERE (completed_at IS NOT NULL);
CREATE INDEX idx_workflow_status_deadline ON delegate_dbos.workflow_status USING btree (workflow_deadline_epoch_ms) WHERE ((status = ANY (ARRAY['ENQUEUED'::text, 'PENDING'::text, 'DELAYED'::text])) AND (workflow_deadline_epoch_ms IS NOT NULL));
CREATE INDEX idx_workflow_status_delayed ON delegate_dbos.workflow_status USING btree (delay_until_epoch_ms) WHERE (status = 'DELAYED'::text);
CREATE INDEX idx_workflow_status_failed ON delegate_dbos.workflow_status USING btree (status, created_at) WHERE (status = ANY (ARRAY['ERROR'::text, 'CANCELLED'::text, 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'::text]));
CREATE INDEX idx_workflow_status_forked_from ON delegate_dbos.workflow_status USING btree (forked_from) WHERE (forked_from IS NOT NULL);
CREATE INDEX idx_workflow_status_in_flight_v2 ON delegate_dbos.workflow_status USING btree (queue_name, status, priority, created_at) INCLUDE (application_name) WHERE (status = ANY (ARRAY['ENQUEUED'::text, 'PENDING'::text]));
CREATE INDEX idx_workflow_status_parent_workflow_id ON delegate_dbos.workflow_status USING btree (parent_workflow_id) WHERE (parent_workflow_id IS NOT NULL);
CREATE INDEX idx_workflow_status_partition_dequeue_v3 ON delegate_dbos.workflow_status USING btree (queue_name, status, queue_partition_key, priority, created_at, workflow_uuid) INCLUDE (application_name) WHERE ((status = ANY (ARRAY['ENQUEUED'::text, 'PENDING'::text])) AND (queue_partition_key IS NOT NULL));
CREATE INDEX idx_workflow_status_pending ON delegate_dbos.workflow_status USING btree (created_at) WHERE (status = 'PENDING'::text);
CREATE INDEX idx_workflow_status_rate_limited ON delegate_dbos.workflow_status USING btree (queue_name, started_at_epoch_ms) WHERE (rate_limited = true);
CREATE INDEX idx_workflow_status_schedule_name ON delegate_dbos.workflow_status USING btree (schedule_name) WHERE (schedule_name IS NOT NULL);
CREATE INDEX idx_workflow_status_started_at ON delegate_dbos.workflow_status USING btree (started_at_epoch_ms) WHERE (started_at_epoch_ms IS NOT NULL);
CREATE INDEX idx_workflow_topic ON delegate_dbos.notifications USING btree (destination_uuid, topic);
CREATE UNIQUE INDEX uq_application_versions_owner_version ON delegate_dbos.application_versions USING btree (application_name, version_name) WHERE (application_name IS NOT NULL);
CREATE UNIQUE INDEX uq_application_versions_unclaimed_version ON delegate_dbos.application_versions USING btree (version_name) WHERE (application_name IS NULL);
CREATE UNIQUE INDEX uq_workflow_status_dedup_id ON delegate_dbos.workflow_status USING btree (queue_name, deduplication_id) WHERE (deduplication_id IS NOT NULL);
CREATE INDEX workflow_status_created_at_index ON delegate_dbos.workflow_status USING btree (created_at);
ALTER TABLE ONLY delegate.event
    ADD CONSTRAINT event_flow_fkey FOREIGN KEY (flow) REFERENCES delegate.flow(number) ON DELETE CASCADE;
ALTER TABLE ONLY delegate.request
    ADD CONSTRAINT request_flow_fkey FOREIGN KEY (flow) REFERENCES delegate.flow(number) ON DELETE CASCADE;
ALTER TABLE ONLY delegate.task
    ADD CONSTRAINT task_flow_fkey FOREIGN KEY (flow) REFERENCES delegate.flow(number) ON DELETE CASCADE;
ALTER TABLE ONLY delegate_dbos.notifications
    ADD CONSTRAINT notifications_destination_uuid_fkey FOREIGN KEY (destination_uuid) REFERENCES delegate_dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY delegate_dbos.streams
    ADD CONSTRAINT streams_workflow_uuid_fkey FOREIGN KEY (workflow_uuid) REFERENCES delegate_dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY delegate_dbos.workflow_events_history
    ADD CONSTRAINT workflow_events_history_workflow_uuid_fkey FOREIGN KEY (workflow_uuid) REFERENCES delegate_dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY delegate_dbos.workflow_events
    ADD CONSTRAINT workflow_events_workflow_uuid_fkey FOREIGN KEY (workflow_uuid) REFERENCES delegate_dbos.workflow_status(workflow_uuid) ON UPDATE CASCADE ON DELETE CASCADE;
