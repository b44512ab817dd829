-- What is kept, version 1 (what came later stands in facts_2.sql): the ledger, documents, secrets, settings and the log of reads.
-- One text for SQLite and PostgreSQL. {bytes} is BLOB or BYTEA;
-- {text} is TEXT, on PostgreSQL with COLLATE "C", so that both sort alike.
-- {key} is the type of a table's own order number: INTEGER on SQLite, where it is
-- then the row's place, and BIGINT on PostgreSQL.
-- Dates are ISO 8601 text, instants UTC text of fixed width, amounts minor units,
-- quantities thousandths.

-- Facts -----------------------------------------------------------------------

CREATE TABLE event (
    sequence {key} PRIMARY KEY,
    recorded_at {text} NOT NULL,
    actor {text} NOT NULL,
    subject {text} NOT NULL,
    version BIGINT NOT NULL,
    kind {text} NOT NULL,
    occurred_on {text} NOT NULL,
    label {text} NOT NULL,
    reason {text},
    command {text} NOT NULL,
    idempotency_key {text},
    salt {bytes},
    payload {text},
    payload_digest {bytes} NOT NULL,
    hash {bytes} NOT NULL
);
CREATE UNIQUE INDEX event_subject ON event (subject, version);
CREATE INDEX event_recorded ON event (recorded_at, sequence);
CREATE UNIQUE INDEX event_idempotency ON event (actor, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- One row, locked for the length of every append.
CREATE TABLE ledger_head (
    one BIGINT PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash {bytes} NOT NULL,
    recorded_at {text} NOT NULL
);

CREATE TABLE checkpoint (
    sequence BIGINT NOT NULL,
    hash {bytes} NOT NULL,
    signed_at {text} NOT NULL,
    public_key {bytes} NOT NULL,
    signature {bytes} NOT NULL,
    PRIMARY KEY (sequence, signed_at)
);

CREATE TABLE document_content (
    content {text} PRIMARY KEY,
    media_type {text} NOT NULL,
    size BIGINT NOT NULL,
    bytes {bytes} NOT NULL
);

-- Not facts: secrets, settings, the log of reads ---------------------------------

CREATE TABLE setting (
    name {text} PRIMARY KEY,
    value {text} NOT NULL
);

CREATE TABLE credential (
    account {text} PRIMARY KEY,
    password_hash {text} NOT NULL,
    must_change BIGINT NOT NULL
);

-- Failed attempts in a row, by `account:` and the hash of the name that was tried, and by
-- `address:` and the network.
CREATE TABLE sign_in_failure (
    who {text} PRIMARY KEY,
    failures BIGINT NOT NULL,
    failed_at {text} NOT NULL
);
CREATE INDEX sign_in_failure_age ON sign_in_failure (failed_at);

-- From where an account signed in: the lock on the account does not hold there.
CREATE TABLE sign_in_address (
    who {text} NOT NULL,
    address {text} NOT NULL,
    signed_in_at {text} NOT NULL,
    PRIMARY KEY (who, address)
);
CREATE INDEX sign_in_address_age ON sign_in_address (signed_in_at);

CREATE TABLE session (
    token_hash {bytes} PRIMARY KEY,
    account {text} NOT NULL,
    opened_at {text} NOT NULL,
    seen_at {text} NOT NULL,
    expires_at {text} NOT NULL,
    csrf {text} NOT NULL,
    address {text} NOT NULL,
    agent {text} NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE api_key (
    key_hash {bytes} PRIMARY KEY,
    account {text} NOT NULL,
    name {text} NOT NULL,
    opened_at {text} NOT NULL,
    expires_at {text} NOT NULL
);

CREATE TABLE read_log (
    sequence {key} PRIMARY KEY,
    read_at {text} NOT NULL,
    account {text} NOT NULL,
    what {text} NOT NULL,
    label {text} NOT NULL,
    source {text} NOT NULL,
    hash {bytes} NOT NULL
);
