-- The views: everything here is rebuilt from the events alone. One text for SQLite and PostgreSQL;
-- {bytes}, {text} and {key} are as in facts.sql, and so are dates, instants, amounts and quantities.
--
-- known_from and known_to are ledger sequences, valid_from and valid_to dates. A row
-- is so as of day D, as known at sequence K, if
--     valid_from <= D AND D < valid_to AND known_from <= K AND K < known_to.
-- What has no end yet has known_to 9223372036854775807 and valid_to '9999-12-31'.
-- For one number, one K and one D there is one row at most.

-- Numbered in the order in which the ledger first names them.
CREATE TABLE label (
    id {key} PRIMARY KEY,
    text {text} NOT NULL UNIQUE
);

-- roles is the words of the roles in the order in which they were given, with a space
-- between; clearance is the JSON of the written clearance.
CREATE TABLE account (
    account {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name {text} NOT NULL,
    roles {text} NOT NULL,
    clearance {text} NOT NULL,
    party {text},
    disabled BIGINT NOT NULL,
    PRIMARY KEY (account, known_from)
);

CREATE TABLE partner (
    code {text} PRIMARY KEY,
    name {text} NOT NULL,
    known_from BIGINT NOT NULL
);

CREATE TABLE partner_group (
    code {text} PRIMARY KEY,
    name {text} NOT NULL,
    known_from BIGINT NOT NULL
);

CREATE TABLE group_change (
    code {text} NOT NULL,
    state {text} NOT NULL,
    changed_on {text} NOT NULL,
    membership {text} NOT NULL,
    source {text},
    certainty {text},
    note {text},
    known_from BIGINT NOT NULL,
    PRIMARY KEY (code, state, known_from)
);

-- The last number given, by series: `O-2012` of contracts, `O-P` of parties, a contract's
-- number of its lines, `O-2012-0001.I` of its instalments, `plan-2012` of plan versions. Deliveries are counted in line_sum.
CREATE TABLE number_series (
    series {text} PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE party (
    number {text} PRIMARY KEY,
    name {text} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    label BIGINT NOT NULL,
    known_from BIGINT NOT NULL
);
CREATE INDEX party_name ON party (name, number);

-- version is the subject's, of the last event that the row knows of. signed_on is absent before it; ended_on is the
-- day of the completion or of the termination (broken_off), also once the contract is closed.
CREATE TABLE contract (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    version BIGINT NOT NULL,
    reference {text} NOT NULL,
    title {text} NOT NULL,
    partner {text} NOT NULL,
    currency {text} NOT NULL,
    label BIGINT NOT NULL,
    state {text} NOT NULL,
    signed_on {text},
    ended_on {text},
    broken_off BIGINT NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
-- With these, what lists and sums ask of contracts and lines is answered from the index alone.
CREATE INDEX contract_horizon ON contract (known_to, valid_to, valid_from, known_from, label, currency, state, partner, signed_on, number);

CREATE TABLE contract_party (
    contract {text} NOT NULL,
    party {text} NOT NULL,
    role {text} NOT NULL,
    position BIGINT NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    PRIMARY KEY (contract, known_from, valid_from, position)
);
CREATE INDEX contract_party_party ON contract_party (party);

CREATE TABLE claim (
    contract {text} NOT NULL,
    claim BIGINT NOT NULL,
    kind {text} NOT NULL,
    description {text} NOT NULL,
    opened_on {text} NOT NULL,
    known_from BIGINT NOT NULL,
    settled_on {text},
    settled_from BIGINT,
    PRIMARY KEY (contract, claim)
);

CREATE TABLE line (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    version BIGINT NOT NULL,
    contract {text} NOT NULL,
    position BIGINT NOT NULL,
    partner {text} NOT NULL,
    currency {text} NOT NULL,
    label BIGINT NOT NULL,
    description {text} NOT NULL,
    quantity BIGINT NOT NULL,
    unit {text} NOT NULL,
    unit_price BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    category {text} NOT NULL,
    manufacturer {text},
    due_on {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX line_due ON line (due_on, number);
CREATE INDEX line_contract ON line (contract, known_to, valid_to, valid_from, known_from, amount, due_on, number);

-- The present sums of a line, which the rules read. deliveries counts all numbers given, the
-- annulled included; handed_over is what is handed over and neither returned nor annulled;
-- returned is what was returned. last_ is the greatest day of an act by a counting rule; in_order
-- says that no act was ever recorded after one of a later day, so that the running totals of the acts
-- are those of the days too.
CREATE TABLE line_sum (
    line {text} PRIMARY KEY,
    deliveries BIGINT NOT NULL,
    handed_over BIGINT NOT NULL,
    handed_over_amount BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    accepted_amount BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    handed_over_last {text},
    handed_over_in_order BIGINT NOT NULL,
    accepted_last {text},
    accepted_in_order BIGINT NOT NULL
);

-- When a line was delivered in full, by each counting rule: as known from known_from until
-- before known_to it was so from completed_on until before reopened_on ('9999-12-31': still).
-- A return or an amendment may open it again, so that a line can have several such times.
CREATE TABLE line_completion (
    line {text} NOT NULL,
    counting {text} NOT NULL,
    completed_on {text} NOT NULL,
    reopened_on {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    PRIMARY KEY (line, counting, known_from, completed_on)
);

-- The course of each line under a signed contract, by each counting rule: for the days from
-- from_on until before to_on its date and amount, when its contract was signed and ended
-- ('9999-12-31': not yet; broken_off: by termination), and from full_on until before reopened_on
-- it was delivered in full ('9999-12-31': never). What the brief asks of lines is one pass over
-- the rows that stand; what is known to stand has the greatest known_to.
CREATE TABLE line_course (
    counting {text} NOT NULL,
    currency {text} NOT NULL,
    known_to BIGINT NOT NULL,
    due_on {text} NOT NULL,
    line {text} NOT NULL,
    known_from BIGINT NOT NULL,
    from_on {text} NOT NULL,
    to_on {text} NOT NULL,
    signed_on {text} NOT NULL,
    ended_on {text} NOT NULL,
    broken_off BIGINT NOT NULL,
    full_on {text} NOT NULL,
    reopened_on {text} NOT NULL,
    label BIGINT NOT NULL,
    partner {text} NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (counting, currency, known_to, due_on, line, known_from, from_on)
);

-- One row an act, and one with the opposite sign where an act falls away. Never changed.
-- quantity and amount bear the sign, so that a sum of them is what stands; the sum of sign
-- is how many deliveries. counting is the rule by which the row counts; act is handed_over,
-- accepted, returned or annulled. A return is dated on its own day. An annulment bears the day
-- of the act that falls away, so that the act never was, as known from then. total_quantity and
-- total_amount are the line's sums by this rule once the act was recorded.
-- document is the JSON of the document, content its hash.
CREATE TABLE delivery_act (
    known_from BIGINT NOT NULL,
    counting {text} NOT NULL,
    act {text} NOT NULL,
    act_date {text} NOT NULL,
    recorded_day {text} NOT NULL,
    delivery {text} NOT NULL,
    line {text} NOT NULL,
    contract {text} NOT NULL,
    partner {text} NOT NULL,
    currency {text} NOT NULL,
    label BIGINT NOT NULL,
    sign BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    total_quantity BIGINT NOT NULL,
    total_amount BIGINT NOT NULL,
    document {text},
    content {text},
    PRIMARY KEY (known_from, counting)
);
CREATE INDEX delivery_act_line ON delivery_act (line, counting, act_date, known_from, total_quantity, total_amount);
CREATE INDEX delivery_act_date ON delivery_act (counting, act_date, known_from);
CREATE INDEX delivery_act_undone ON delivery_act (delivery, known_from) WHERE act IN ('returned', 'annulled');

-- Which subjects name a document: whoever may see one of them may name the document too.
CREATE TABLE document_use (
    content {text} NOT NULL,
    subject {text} NOT NULL,
    PRIMARY KEY (content, subject)
);

CREATE TABLE delivery_day (
    counting {text} NOT NULL,
    currency {text} NOT NULL,
    act_date {text} NOT NULL,
    partner {text} NOT NULL,
    label BIGINT NOT NULL,
    recorded_day {text} NOT NULL,
    amount BIGINT NOT NULL,
    deliveries BIGINT NOT NULL,
    PRIMARY KEY (counting, currency, act_date, partner, label, recorded_day)
);

-- The same by months, so that the years before are few rows: act_month and recorded_month are YYYY-MM.
CREATE TABLE delivery_month (
    counting {text} NOT NULL,
    currency {text} NOT NULL,
    act_month {text} NOT NULL,
    partner {text} NOT NULL,
    label BIGINT NOT NULL,
    recorded_month {text} NOT NULL,
    amount BIGINT NOT NULL,
    deliveries BIGINT NOT NULL,
    PRIMARY KEY (counting, currency, act_month, partner, label, recorded_month)
);

CREATE TABLE plan (
    year BIGINT NOT NULL,
    version BIGINT NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    subject_version BIGINT NOT NULL,
    currency {text} NOT NULL,
    state {text} NOT NULL,
    approved_on {text},
    PRIMARY KEY (year, version, known_from)
);

CREATE TABLE plan_item (
    year BIGINT NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    known_from BIGINT NOT NULL,
    line {text} NOT NULL,
    contract {text} NOT NULL,
    partner {text} NOT NULL,
    label BIGINT NOT NULL,
    planned_on {text} NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (year, version, position)
);
CREATE INDEX plan_item_date ON plan_item (year, version, planned_on, label, partner, amount);

-- What became of proposals, in the order in which it was recorded: proposed, answered, returned. Of a day, the last
-- act up to it says how a version stood that is not approved. A row is never closed. label is that of the act: who
-- answers is known to those who may see all that it makes.
CREATE TABLE plan_act (
    year BIGINT NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    known_from BIGINT NOT NULL,
    act_date {text} NOT NULL,
    act {text} NOT NULL,
    state {text} NOT NULL,
    label BIGINT NOT NULL,
    manufacturer {text},
    content {text} NOT NULL,
    PRIMARY KEY (year, version, position)
);

-- What versions plan by months, so that the brief sums few rows: planned_month is YYYY-MM. Items are added to a
-- draft only, so what a frozen version's rows hold is known since before it was approved.
CREATE TABLE plan_month (
    year BIGINT NOT NULL,
    version BIGINT NOT NULL,
    planned_month {text} NOT NULL,
    partner {text} NOT NULL,
    label BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (year, version, planned_month, partner, label)
);

-- The numbers that others give to contracts, lines, deliveries, instalments and receipts: within scope
-- (`contract`, `opportunity`, or `line`, `delivery`, `instalment` or `receipt` and the contract's number) reference is that
-- of subject. The reference stands first in the key: whoever searches knows it, and not of which contract it is.
CREATE TABLE external_reference (
    scope {text} NOT NULL,
    reference {text} NOT NULL,
    subject {text} NOT NULL,
    known_from BIGINT NOT NULL,
    PRIMARY KEY (reference, scope, subject)
);

-- Declarations on the payment schedule of a contract: the last one that is known and dated by a day holds.
CREATE TABLE schedule_state (
    contract {text} NOT NULL,
    known_from BIGINT NOT NULL,
    declared_on {text} NOT NULL,
    complete BIGINT NOT NULL,
    label BIGINT NOT NULL,
    PRIMARY KEY (contract, known_from)
);

-- Instalments. due is the JSON of the rule; base says from which act its days are counted: `day` (base_on, where
-- it is known), `signature`, `delivery` or `line` (base_number, with its line in base_line).
CREATE TABLE instalment (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    contract {text} NOT NULL,
    partner {text} NOT NULL,
    currency {text} NOT NULL,
    label BIGINT NOT NULL,
    reference {text},
    kind {text} NOT NULL,
    lender {text},
    bank {text},
    amount BIGINT NOT NULL,
    state {text} NOT NULL,
    due {text} NOT NULL,
    base {text} NOT NULL,
    base_on {text},
    base_number {text},
    base_line {text},
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX instalment_contract ON instalment (contract, known_to);
CREATE INDEX instalment_currency ON instalment (currency, known_to, number);

-- Receipts: known until they are annulled. currency and value are the contract's, paid_currency and amount what
-- came in; conversion is the JSON of how the one became the other, document that of the paper.
CREATE TABLE receipt (
    number {text} PRIMARY KEY,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    contract {text} NOT NULL,
    partner {text} NOT NULL,
    label BIGINT NOT NULL,
    reference {text},
    received_on {text} NOT NULL,
    currency {text} NOT NULL,
    value BIGINT NOT NULL,
    paid_currency {text} NOT NULL,
    amount BIGINT NOT NULL,
    bank {text},
    conversion {text},
    document {text} NOT NULL
);
CREATE INDEX receipt_contract ON receipt (contract, known_to);
CREATE INDEX receipt_date ON receipt (currency, received_on, known_from);

-- What of a receipt pays an instalment, dated as the receipt.
CREATE TABLE allocation (
    receipt {text} NOT NULL,
    instalment {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    received_on {text} NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (receipt, known_from, instalment)
);
CREATE INDEX allocation_instalment ON allocation (instalment, known_to, received_on, known_from, amount);

-- Penalties for delay. delay is the subject that is late; claim is the JSON of what was claimed.
CREATE TABLE penalty (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    contract {text} NOT NULL,
    partner {text} NOT NULL,
    currency {text} NOT NULL,
    label BIGINT NOT NULL,
    delay {text} NOT NULL,
    claimed_on {text} NOT NULL,
    claim {text} NOT NULL,
    amount BIGINT NOT NULL,
    state {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX penalty_contract ON penalty (contract, known_to);
CREATE INDEX penalty_delay ON penalty (delay, known_to);

-- Exchange rates: units of from_currency are rate of to_currency.
CREATE TABLE exchange_rate (
    number {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    rated_on {text} NOT NULL,
    from_currency {text} NOT NULL,
    units BIGINT NOT NULL,
    to_currency {text} NOT NULL,
    rate {text} NOT NULL,
    source {text} NOT NULL,
    contract {text},
    label BIGINT NOT NULL,
    PRIMARY KEY (number, known_from)
);
CREATE INDEX exchange_rate_date ON exchange_rate (rated_on, number);

-- Opportunities. currency and amount are of the last version of the offer, probability (whole per cent) and
-- signature_on of the last estimate; content is the JSON of the whole.
CREATE TABLE opportunity (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    label BIGINT NOT NULL,
    partner {text} NOT NULL,
    exporter {text} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    title {text} NOT NULL,
    received_on {text} NOT NULL,
    deadline {text},
    answered_on {text},
    ended_on {text},
    currency {text},
    amount BIGINT,
    probability BIGINT,
    signature_on {text},
    cause {text},
    contract {text},
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX opportunity_horizon ON opportunity (known_to, valid_to, valid_from, known_from, label, state, partner, number);
CREATE INDEX opportunity_contract ON opportunity (contract) WHERE contract IS NOT NULL;

-- Published forecasts. Nothing changes one: content is the JSON of what was said.
CREATE TABLE forecast (
    number {text} NOT NULL PRIMARY KEY,
    known_from BIGINT NOT NULL,
    label BIGINT NOT NULL,
    published_on {text} NOT NULL,
    as_of {text} NOT NULL,
    counting {text} NOT NULL,
    currency {text} NOT NULL,
    scope {text} NOT NULL,
    content {text} NOT NULL
);
CREATE INDEX forecast_day ON forecast (as_of, counting, currency, scope, number);

-- What is searched: one row for each text of what can be found. result is the id of the first text of the same;
-- kind and item say which of subject it is (item is 0, or the version of the event that names a document); name and
-- partner are the result's.
-- whole is the folded text where it is a number. label is that of what must be open for the result to be, absent
-- where nothing is marked, own_label that of the text itself; reading and scope say by which right it is open, and
-- to whose own it belongs: a contract's number, an exporter of opportunities, or nobody's.
CREATE TABLE search_text (
    id {key} PRIMARY KEY,
    result BIGINT NOT NULL,
    kind {text} NOT NULL,
    subject {text} NOT NULL,
    item BIGINT NOT NULL,
    name {text} NOT NULL,
    partner {text},
    field {text} NOT NULL,
    text {text} NOT NULL,
    whole {text},
    label BIGINT,
    own_label BIGINT,
    reading {text} NOT NULL,
    scope {text} NOT NULL,
    content {text},
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL
);
CREATE INDEX search_text_subject ON search_text (subject, kind, item);
CREATE INDEX search_text_whole ON search_text (whole) WHERE whole IS NOT NULL;

-- The words of each text, folded, by the kind of what is found. A word or the beginning of one is a range of the key,
-- in which what was recorded last comes first from its end.
CREATE TABLE search_word (
    kind {text} NOT NULL,
    word {text} NOT NULL,
    text BIGINT NOT NULL,
    PRIMARY KEY (kind, word, text)
);

-- The serial numbers that deliveries bear: those recorded last, unless the delivery is annulled. folded is as it is
-- compared.
CREATE TABLE serial_number (
    delivery {text} NOT NULL,
    position BIGINT NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    recorded_on {text} NOT NULL,
    serial {text} NOT NULL,
    folded {text} NOT NULL,
    line {text} NOT NULL,
    contract {text} NOT NULL,
    label BIGINT NOT NULL,
    PRIMARY KEY (delivery, known_from, position)
);
CREATE INDEX serial_number_folded ON serial_number (folded, delivery);

-- What is to be reached under contracts, what slips, what is done about it, what is owed beside. kind is the word of the subject's kind, about what it is about
-- (KIND:NUMBER) where that can be asked for; content is the JSON of the whole.
CREATE TABLE performance (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    kind {text} NOT NULL,
    contract {text} NOT NULL,
    label BIGINT NOT NULL,
    about {text},
    state {text} NOT NULL,
    cause {text},
    side {text},
    days BIGINT,
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX performance_contract ON performance (contract, kind, known_to);
CREATE INDEX performance_kind ON performance (kind, state, known_to);
CREATE INDEX performance_about ON performance (about, known_to) WHERE about IS NOT NULL;

-- Lists of those under measures, and the cases of parties that may be entries of them: kind is list or case, number
-- the list's name or the case's number (which begin with a small and with a capital letter), state the standing of
-- the list or the state of the case, score in ten-thousandths; content is the JSON of the whole.
CREATE TABLE screening (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    kind {text} NOT NULL,
    list {text} NOT NULL,
    party {text},
    entry {text},
    label BIGINT NOT NULL,
    state {text} NOT NULL,
    score BIGINT,
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX screening_list ON screening (kind, list, known_to, valid_to, state);
CREATE INDEX screening_party ON screening (party, known_to) WHERE party IS NOT NULL;

-- Editions of lists, each as it was loaded; nothing changes one. content is its hash, whole the JSON.
CREATE TABLE list_edition (
    list {text} NOT NULL,
    known_from BIGINT NOT NULL,
    content {text} NOT NULL,
    loaded_on {text} NOT NULL,
    label BIGINT NOT NULL,
    whole {text} NOT NULL,
    PRIMARY KEY (list, known_from)
);

-- Files of embargo rules, and the policy that says whose measures bind: kind is body, regime or policy, number the
-- identifier of what the file is about, state that of the edition or policy that was proposed last; content is the JSON
-- of the whole, in_force the hash of the text in force. Which edition is in force is a matter of what is known: the days
-- of the rules stand in them.
CREATE TABLE embargo (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    kind {text} NOT NULL,
    label BIGINT NOT NULL,
    state {text} NOT NULL,
    in_force {text},
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);

-- Applications for transfers, and the licences that come of them: kind is application or licence; decided_on is the
-- day of the last decision, due_on that by which the next opinion is to be given, or the next delivery under a licence to
-- be verified, valid_until the last day of a licence;
-- content is the JSON of the whole.
CREATE TABLE transfer (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    kind {text} NOT NULL,
    label BIGINT NOT NULL,
    applicant {text} NOT NULL,
    application {text},
    state {text} NOT NULL,
    title {text} NOT NULL,
    destination {text} NOT NULL,
    contract {text},
    submitted_on {text},
    decided_on {text},
    due_on {text},
    valid_until {text},
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX transfer_past ON transfer (kind, known_to, valid_to) WHERE known_to < 9223372036854775807 OR valid_to < '9999-12-31';
-- What stands still, in the order of the lists, with all by which they are narrowed.
CREATE INDEX transfer_applications ON transfer ((CASE state WHEN 'proposed' THEN 0 WHEN 'open' THEN 1 WHEN 'draft' THEN 2 ELSE 3 END), (coalesce(decided_on, '')) DESC, (coalesce(submitted_on, '9999-12-31')), number, state, label, known_from, valid_from, kind, known_to, valid_to, destination, applicant, title) WHERE kind = 'application' AND known_to = 9223372036854775807 AND valid_to = '9999-12-31';
CREATE INDEX transfer_licences ON transfer ((CASE state WHEN 'suspended' THEN 0 WHEN 'issued' THEN 1 ELSE 2 END), valid_until, number, state, label, known_from, valid_from, kind, known_to, valid_to, destination, applicant, title) WHERE kind = 'licence' AND known_to = 9223372036854775807 AND valid_to = '9999-12-31';
CREATE INDEX transfer_due ON transfer (kind, due_on, known_to, valid_to, known_from, valid_from, label) WHERE due_on IS NOT NULL;
CREATE INDEX transfer_destination ON transfer (destination, kind, known_to, valid_to);
CREATE INDEX transfer_applicant ON transfer (applicant, kind, known_to, valid_to);
CREATE INDEX transfer_contract ON transfer (contract, known_to) WHERE contract IS NOT NULL;
CREATE INDEX transfer_application ON transfer (application, known_to) WHERE application IS NOT NULL;

-- Agencies that were asked about an application: nothing takes that back.
CREATE TABLE transfer_agency (
    number {text} NOT NULL,
    agency {text} NOT NULL,
    known_from BIGINT NOT NULL,
    asked_on {text} NOT NULL,
    PRIMARY KEY (number, agency)
);
CREATE INDEX transfer_agency_asked ON transfer_agency (agency, number);

-- End users that licences name: what is issued is not changed.
CREATE TABLE licence_end_user (
    number {text} NOT NULL,
    end_user {text} NOT NULL,
    known_from BIGINT NOT NULL,
    PRIMARY KEY (number, end_user)
);
CREATE INDEX licence_end_user_of ON licence_end_user (end_user, number);

-- What speaks for a transfer and is looked at afterwards: kind is certificate, specimens (of an authority, whose party the
-- number is) or inspection. party is who may see it as its own business, register_key and document are what no two
-- certificates of an issuer share, registered is the entry of the ledger by which it came; due_on is the day of a visit
-- that is planned; doubted is 1 of a certificate whose issuer was asked about it and has not called it
-- authentic, while it may serve; content is the JSON of the whole.
CREATE TABLE assurance (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    kind {text} NOT NULL,
    label BIGINT NOT NULL,
    party {text},
    issuer {text},
    register_key {text},
    document {text},
    end_user {text},
    licence {text},
    registered BIGINT NOT NULL,
    application {text},
    state {text} NOT NULL,
    title {text} NOT NULL,
    waiting BIGINT NOT NULL,
    doubted BIGINT NOT NULL,
    due_on {text},
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX assurance_doubted ON assurance (known_to, valid_to) WHERE doubted = 1;
CREATE INDEX assurance_queue ON assurance (kind, known_to, valid_to, state, number);
CREATE INDEX assurance_issuer ON assurance (issuer, register_key, known_to) WHERE register_key IS NOT NULL;
CREATE INDEX assurance_document ON assurance (document, known_to) WHERE document IS NOT NULL;
CREATE INDEX assurance_application ON assurance (application, known_to) WHERE application IS NOT NULL;
CREATE INDEX assurance_end_user ON assurance (end_user, kind, known_to) WHERE end_user IS NOT NULL;
CREATE INDEX assurance_licence ON assurance (licence, known_to) WHERE licence IS NOT NULL;

-- What transfers are weighed by: kind is standing_assessment, denial, quota, indicator, agency or routing. territory and
-- party are what it is about, due_on the day by which it is reviewed or lapses, state is waiting while an edition waits
-- for a second person, then in_force or ended; content is the JSON of the whole.
CREATE TABLE guidance (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    kind {text} NOT NULL,
    label BIGINT NOT NULL,
    territory {text},
    party {text},
    state {text} NOT NULL,
    title {text} NOT NULL,
    due_on {text},
    edition BIGINT,
    edition_words {text},
    counts_until {text},
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX guidance_queue ON guidance (kind, known_to, valid_to, state, number);
CREATE INDEX guidance_territory ON guidance (territory, kind, known_to) WHERE territory IS NOT NULL;
CREATE INDEX guidance_party ON guidance (party, kind, known_to) WHERE party IS NOT NULL;

-- The entries of each edition of a control list, by which lines of applications are found: entry_key is the entry in small
-- letters. Of each family of which an edition has entries stands one row without a key.
CREATE TABLE control_entry (
    list {text} NOT NULL,
    edition BIGINT NOT NULL,
    family {text} NOT NULL,
    entry_key {text} NOT NULL,
    known_from BIGINT NOT NULL,
    entry {text} NOT NULL,
    title {text} NOT NULL,
    text {text},
    is_divided BIGINT NOT NULL,
    PRIMARY KEY (list, edition, family, entry_key)
);

-- What each decision said of goods of an entry for an end user. head is the entry without its parts.
CREATE TABLE precedent (
    application {text} NOT NULL,
    known_from BIGINT NOT NULL,
    category {text} NOT NULL,
    end_user {text} NOT NULL,
    decided_on {text} NOT NULL,
    destination {text} NOT NULL,
    head {text} NOT NULL,
    label BIGINT NOT NULL,
    is_granted BIGINT NOT NULL,
    is_refused BIGINT NOT NULL,
    PRIMARY KEY (application, known_from, category, end_user)
);
CREATE INDEX precedent_state ON precedent (destination, head, known_from);
CREATE INDEX precedent_user ON precedent (end_user, known_from);

-- Lines of licences, with the contract and the line of it that each is for: what is issued is not changed. label is the
-- licence’s.
CREATE TABLE licence_line (
    licence {text} NOT NULL,
    line BIGINT NOT NULL,
    known_from BIGINT NOT NULL,
    contract {text},
    contract_line {text},
    quantity BIGINT NOT NULL,
    unit {text} NOT NULL,
    label BIGINT NOT NULL,
    holder {text} NOT NULL,
    PRIMARY KEY (licence, line)
);
CREATE INDEX licence_line_of ON licence_line (contract_line, licence, line) WHERE contract_line IS NOT NULL;
CREATE INDEX licence_line_unnamed ON licence_line (contract, licence, line) WHERE contract_line IS NULL AND contract IS NOT NULL;

-- Shipments that were written off: known until one is taken back.
CREATE TABLE write_off (
    licence {text} NOT NULL,
    reference {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    line BIGINT NOT NULL,
    shipped_on {text} NOT NULL,
    quantity BIGINT NOT NULL,
    delivery {text},
    PRIMARY KEY (licence, reference, known_from)
);
CREATE INDEX write_off_delivery ON write_off (delivery, known_to) WHERE delivery IS NOT NULL;

-- Breaks of the chain from the contract to the inspection, each with the days on which it stands. A cell is a delivery, a
-- write-off, a licence with its certificates, or an inspection: what is broken there follows from it alone, and is worked
-- out anew when something of it changes. It is so for those who may see label; where unless is named, for those of them who
-- may not see that one. holder is whose licence it is about, absent where no licence is; turned_on is the day of the break.
-- What a line of a contract still owes, and whether a licence covers it, depends on how far ahead one looks, and is not here.
CREATE TABLE chain_break (
    cell {text} NOT NULL,
    known_from BIGINT NOT NULL,
    position BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    place BIGINT NOT NULL,
    kind {text} NOT NULL,
    untold {text},
    label BIGINT NOT NULL,
    unless BIGINT,
    partner {text} NOT NULL,
    contract {text} NOT NULL,
    contract_line {text},
    delivery {text},
    holder {text},
    licence {text},
    licence_line BIGINT,
    reference {text},
    certificate {text},
    inspection {text},
    wanted BIGINT,
    found BIGINT,
    unit {text},
    turned_on {text} NOT NULL,
    PRIMARY KEY (cell, known_from, position)
);
-- What stands still, in the order of the list, with all by which it is narrowed.
CREATE INDEX chain_break_list ON chain_break (place, contract, cell, known_from, position, valid_from, label, unless, partner, untold, holder) WHERE known_to = 9223372036854775807 AND valid_to = '9999-12-31';
CREATE INDEX chain_break_past ON chain_break (known_to, valid_to) WHERE known_to < 9223372036854775807 OR valid_to < '9999-12-31';
CREATE INDEX chain_break_contract ON chain_break (contract, known_to);
CREATE INDEX chain_break_licence ON chain_break (licence, known_to) WHERE licence IS NOT NULL;

-- What re-exports are about: the licences under which the goods went, and the certificates that bind. What is asked for is
-- not changed.
CREATE TABLE reexport_link (
    number {text} NOT NULL,
    about {text} NOT NULL,
    known_from BIGINT NOT NULL,
    PRIMARY KEY (number, about)
);
CREATE INDEX reexport_link_about ON reexport_link (about, number);

-- The exchange with customs: kind is exchange (up to which marking they are told), run (out or in, by its number in run) or
-- discrepancy. happened_on and account say when a run went or came and by whom, holds how many licences or rows it has, taken
-- and refused how many of them were taken and were not, once it is known; licence is what a discrepancy is about, registered
-- the entry of the ledger by which it came; content is the JSON of the whole.
CREATE TABLE customs (
    number {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    known_from BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    kind {text} NOT NULL,
    label BIGINT NOT NULL,
    direction {text},
    run BIGINT,
    licence {text},
    happened_on {text} NOT NULL,
    account {text} NOT NULL,
    registered BIGINT NOT NULL,
    state {text} NOT NULL,
    holds BIGINT NOT NULL,
    taken BIGINT,
    refused BIGINT,
    content {text} NOT NULL,
    PRIMARY KEY (number, known_from, valid_from)
);
CREATE INDEX customs_queue ON customs (kind, known_to, valid_to, state, registered);
CREATE INDEX customs_licence ON customs (licence, known_to) WHERE licence IS NOT NULL;

-- Editions of statistics that others publish: an edition is in force from the entry of the ledger that brought it in, until
-- the next one of its series. Whole is its JSON.
CREATE TABLE statistic_edition (
    series {text} NOT NULL,
    known_from BIGINT NOT NULL,
    content {text} NOT NULL,
    label BIGINT NOT NULL,
    whole {text} NOT NULL,
    PRIMARY KEY (series, known_from)
);

-- Figures of an edition, by year: whose is exporter, country, world or aggregate; a value is the text of an exact decimal.
-- A cell without a figure is no row. The edition is that of series and edition, the entry that brought it in.
CREATE TABLE statistic_figure (
    series {text} NOT NULL,
    edition BIGINT NOT NULL,
    year BIGINT NOT NULL,
    position BIGINT NOT NULL,
    whose {text} NOT NULL,
    code {text} NOT NULL,
    name {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (series, edition, year, position)
);

-- Deals of an edition of the trade register, in the order of the file; content is the JSON of the whole.
CREATE TABLE market_deal (
    edition BIGINT NOT NULL,
    position BIGINT NOT NULL,
    recipient {text} NOT NULL,
    supplier {text} NOT NULL,
    ordered BIGINT,
    first_year BIGINT,
    last_year BIGINT,
    content {text} NOT NULL,
    PRIMARY KEY (edition, position)
);
CREATE INDEX market_deal_supplier ON market_deal (edition, supplier, position);
CREATE INDEX market_deal_recipient ON market_deal (edition, recipient, position);
