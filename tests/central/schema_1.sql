-- The tables as version 0.1 made them, before steps were counted.
CREATE TABLE audit (
    id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    actor VARCHAR(80) NOT NULL,
    action VARCHAR(40) NOT NULL,
    subject VARCHAR(80) NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_audit_at ON audit (at);
CREATE TABLE branches (
    id VARCHAR(64) NOT NULL,
    name_zh VARCHAR(200) NOT NULL,
    name_en VARCHAR(200) NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE event_progress (
    branch VARCHAR(64) NOT NULL,
    origin_device VARCHAR(64) NOT NULL,
    contiguous INTEGER NOT NULL,
    PRIMARY KEY (branch, origin_device)
);
CREATE TABLE meta (
    "key" VARCHAR(40) NOT NULL,
    value VARCHAR(200) NOT NULL,
    PRIMARY KEY ("key")
);
CREATE TABLE nonces (
    key_id VARCHAR(64) NOT NULL,
    nonce VARCHAR(80) NOT NULL,
    seen_at DATETIME NOT NULL,
    PRIMARY KEY (key_id, nonce)
);
CREATE INDEX ix_nonces_seen_at ON nonces (seen_at);
CREATE TABLE sequences (
    name VARCHAR(80) NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE staff (
    id VARCHAR(36) NOT NULL,
    name VARCHAR(80) NOT NULL,
    role VARCHAR(20) NOT NULL,
    pin_hash VARCHAR(200) NOT NULL,
    failures INTEGER NOT NULL,
    locked_until DATETIME,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE branch_events (
    id INTEGER NOT NULL,
    branch VARCHAR(64) NOT NULL,
    origin_device VARCHAR(64) NOT NULL,
    origin_seq INTEGER NOT NULL,
    type VARCHAR(64) NOT NULL,
    at DATETIME NOT NULL,
    ticket_id VARCHAR(64),
    data JSON NOT NULL,
    received_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_event_a_number UNIQUE (branch, origin_device, origin_seq),
    FOREIGN KEY(branch) REFERENCES branches (id)
);
CREATE TABLE claims (
    code_hash VARCHAR(64) NOT NULL,
    branch VARCHAR(64) NOT NULL,
    kiosk_number INTEGER,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    device_id VARCHAR(36),
    PRIMARY KEY (code_hash),
    FOREIGN KEY(branch) REFERENCES branches (id)
);
CREATE TABLE devices (
    id VARCHAR(36) NOT NULL,
    branch VARCHAR(64) NOT NULL,
    kiosk_number INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL,
    hardware JSON NOT NULL,
    created_at DATETIME NOT NULL,
    beat_at DATETIME,
    beat JSON,
    PRIMARY KEY (id),
    FOREIGN KEY(branch) REFERENCES branches (id)
);
CREATE INDEX ix_devices_branch ON devices (branch);
CREATE UNIQUE INDEX one_kiosk_a_number ON devices (branch, kiosk_number) WHERE state != 'retired';
CREATE TABLE passes (
    token_hash VARCHAR(64) NOT NULL,
    staff_id VARCHAR(36) NOT NULL,
    expires_at DATETIME,
    PRIMARY KEY (token_hash),
    FOREIGN KEY(staff_id) REFERENCES staff (id)
);
CREATE INDEX ix_passes_staff_id ON passes (staff_id);
CREATE TABLE commands (
    id VARCHAR(36) NOT NULL,
    device_id VARCHAR(36) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    state VARCHAR(12) NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    detail VARCHAR(200) NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(device_id) REFERENCES devices (id)
);
CREATE INDEX ix_commands_device_id ON commands (device_id);
CREATE TABLE device_keys (
    id VARCHAR(64) NOT NULL,
    device_id VARCHAR(36) NOT NULL,
    public_key VARCHAR(64) NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(device_id) REFERENCES devices (id),
    UNIQUE (public_key)
);
CREATE TABLE requests (
    id VARCHAR(36) NOT NULL,
    device_id VARCHAR(36) NOT NULL,
    branch VARCHAR(64) NOT NULL,
    client_request_id VARCHAR(36) NOT NULL,
    service VARCHAR(12) NOT NULL,
    assurance VARCHAR(12) NOT NULL,
    consents JSON NOT NULL,
    catalogue_version VARCHAR(64) NOT NULL,
    consents_known BOOLEAN NOT NULL,
    sealed_kid VARCHAR(64) NOT NULL,
    sealed BLOB NOT NULL,
    body_hash VARCHAR(64) NOT NULL,
    content_mark VARCHAR(64) NOT NULL,
    captured_at DATETIME NOT NULL,
    received_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    state VARCHAR(16) NOT NULL,
    reference VARCHAR(32) NOT NULL,
    status_hash VARCHAR(64) NOT NULL,
    acceptance_number VARCHAR(40),
    accepted_at DATETIME,
    reasons JSON NOT NULL,
    ems VARCHAR(20) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_request_a_press UNIQUE (device_id, client_request_id),
    FOREIGN KEY(device_id) REFERENCES devices (id),
    FOREIGN KEY(branch) REFERENCES branches (id),
    UNIQUE (reference),
    UNIQUE (status_hash),
    UNIQUE (acceptance_number)
);
CREATE INDEX ix_requests_received_at ON requests (received_at);
CREATE INDEX ix_requests_state ON requests (state);
CREATE TABLE steps (
    id INTEGER NOT NULL,
    request_id VARCHAR(36) NOT NULL,
    at DATETIME NOT NULL,
    actor VARCHAR(80) NOT NULL,
    action VARCHAR(20) NOT NULL,
    state VARCHAR(16) NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(request_id) REFERENCES requests (id)
);
CREATE INDEX ix_steps_request_id ON steps (request_id);
INSERT INTO meta VALUES ('schema', '1');
INSERT INTO branches VALUES ('421202-001', '中心花坛邮政支局', 'Central Parterre Post Office');
