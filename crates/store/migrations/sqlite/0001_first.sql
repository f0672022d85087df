-- Times are RFC 3339 UTC with milliseconds, so that text order is time order. JSON is TEXT.
-- Every table carries workspace_id: one tenant never sees another's rows.

CREATE TABLE workspace (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    created_at  TEXT NOT NULL
);

CREATE TABLE "user" (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,
    external_id  TEXT NOT NULL UNIQUE,
    settings     TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL,
    accessed_at  TEXT NOT NULL
);
CREATE INDEX user_workspace ON "user" (workspace_id);

CREATE TABLE team (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL
);
CREATE INDEX team_workspace ON team (workspace_id);

CREATE TABLE team_member (
    team_id      TEXT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    user_id      TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    role         TEXT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

CREATE TABLE api_key (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    user_id      TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    hash         TEXT NOT NULL UNIQUE,
    prefix       TEXT NOT NULL,
    rights       TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    used_at      TEXT,
    revoked_at   TEXT
);
CREATE INDEX api_key_workspace ON api_key (workspace_id);

-- creator_id and external_id are no foreign keys: both outlive the user while the account uses them.
CREATE TABLE account (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    creator_id   TEXT NOT NULL,
    name         TEXT NOT NULL,
    role_arn     TEXT NOT NULL,
    external_id  TEXT NOT NULL,
    region       TEXT NOT NULL,
    source       TEXT NOT NULL,
    read_access  TEXT,
    write_access TEXT,
    aws_account  TEXT,
    verified_at  TEXT,
    warning      TEXT,
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL
);
CREATE INDEX account_workspace ON account (workspace_id);
CREATE INDEX account_external_id ON account (external_id);

CREATE TABLE job (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    region       TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    created_at   TEXT NOT NULL,
    started_at   TEXT NOT NULL,
    owner        TEXT NOT NULL,
    beat_at      TEXT NOT NULL,
    ended_at     TEXT,
    error_code   TEXT,
    error_text   TEXT
);
-- One scan per account and region at a time, whatever the processes do.
CREATE UNIQUE INDEX job_running ON job (account_id, region) WHERE state = 'running';
CREATE INDEX job_ended ON job (workspace_id, account_id, region, ended_at);

-- Freshness: the newest scan of each service of each region (or global) of an account.
CREATE TABLE scan (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    region       TEXT NOT NULL,
    service      TEXT NOT NULL,
    recording    TEXT NOT NULL,
    started_at   TEXT NOT NULL,
    ended_at     TEXT NOT NULL,
    calls        BIGINT NOT NULL,
    gaps         BIGINT NOT NULL,
    PRIMARY KEY (account_id, region, service)
);
CREATE INDEX scan_recording ON scan (recording);

-- A result promised by a 202: what was asked, and when the promise was made.
CREATE TABLE promise (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    region       TEXT NOT NULL,
    request      TEXT NOT NULL,
    made_at      TEXT NOT NULL,
    PRIMARY KEY (account_id, region, request)
);
