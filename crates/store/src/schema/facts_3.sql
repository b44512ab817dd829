-- Version 3 of what is kept: what the scripts before it do not have. The words in braces are as in facts.sql.

-- Views of pages that a person has given a name: the path with what narrows and sorts it. They are no facts.
CREATE TABLE saved_view (
    account {text} NOT NULL,
    name {text} NOT NULL,
    path {text} NOT NULL,
    saved_at {text} NOT NULL,
    PRIMARY KEY (account, name)
);
