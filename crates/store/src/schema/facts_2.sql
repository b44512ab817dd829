-- Version 2 of what is kept: what facts.sql does not have. A new database gets both, an older one this
-- alone. The words in braces are as in facts.sql.

-- What was asked with the key of a request: the digest of the command, by the event that bears the key,
-- so that the key is not answered for another command.
CREATE TABLE request (
    sequence {key} PRIMARY KEY,
    digest {bytes} NOT NULL
);

-- Who has given a document's bytes: whoever has them may name them, and nobody else does by their hash.
CREATE TABLE document_giver (
    content {text} NOT NULL,
    account {text} NOT NULL,
    PRIMARY KEY (content, account)
);

-- Where the log of reads stood when a checkpoint was signed; absent in those of before.
ALTER TABLE checkpoint ADD COLUMN reads_sequence BIGINT;
ALTER TABLE checkpoint ADD COLUMN reads_hash {bytes};
